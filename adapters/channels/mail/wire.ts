import { type FailureReason, failed, type SendOutcome } from '../port';

/** What nodemailer tells of a message that did not get through. */
export interface SmtpTrouble {
  /** `EENVELOPE`, `ECONNECTION`, … */
  readonly code?: string;
  /** The server's reply, where there was one: 550. */
  readonly responseCode?: number;
  readonly response?: string;
  /** What was being said: `CONN`, `AUTH PLAIN`, `MAIL FROM`, `RCPT TO`, `DATA`. */
  readonly command?: string;
}

/** Codes of trouble that come only before anything of a message could be sent. */
const BEFORE_ANYTHING = new Set(['EDNS', 'ETLS', 'EAUTH', 'ENOAUTH', 'EOAUTH2', 'EREQUIRETLS', 'ECONFIG', 'EPROXY']);

/**
 * What trouble means. A reply is a sure no. Without one it depends on whether a byte of the message had left: if not,
 * it was never sent; if so, the server may have taken it.
 */
export function outcomeOf(trouble: SmtpTrouble, begun: boolean): SendOutcome {
  const { code = '', responseCode, command = '' } = trouble;
  if (responseCode !== undefined && responseCode >= 400 && responseCode < 600) {
    return failed(reasonOf(trouble, responseCode, command), detailOf(trouble, responseCode));
  }
  if (BEFORE_ANYTHING.has(code) || !begun) {
    return code === 'EAUTH' ? failed('sender_refused') : { kind: 'unknown', cause: 'never_sent', detail: plain(code) };
  }
  if (code === 'EABORT') return { kind: 'unknown', cause: 'aborted' };
  if (code === 'ETIMEDOUT') return { kind: 'unknown', cause: 'timeout' };
  if (code === 'ECONNECTION' || code === 'ESOCKET') return { kind: 'unknown', cause: 'connection_lost' };
  return { kind: 'unknown', cause: 'unlisted', detail: plain(code) };
}

function reasonOf({ response = '' }: SmtpTrouble, reply: number, command: string): FailureReason {
  const [, subject = '', detail = ''] = /^\d{3}[ -][245]\.(\d{1,3})\.(\d{1,3})/.exec(response) ?? [];
  // Before the receiver is named it is between the mail server and us.
  if (command !== 'RCPT TO' && command !== 'DATA') return reply < 500 ? 'busy' : 'sender_refused';
  if (`${subject}.${detail}` === '2.2') return 'mailbox_full';
  if (reply < 500) return 'busy';
  if (reply === 552 && command === 'RCPT TO') return 'mailbox_full';
  if (subject === '7') return 'blocked';
  if (`${subject}.${detail}` === '1.3') return 'bad_address';
  if (subject === '1' || `${subject}.${detail}` === '2.1') return 'unknown_address';
  if (command === 'RCPT TO' && subject === '') {
    if (reply === 550 || reply === 551) return 'unknown_address';
    if (reply === 501 || reply === 553) return 'bad_address';
  }
  return 'rejected';
}

/** "550 5.1.1": the numbers only; the words of a reply may hold the address. */
function detailOf({ response = '' }: SmtpTrouble, reply: number): string {
  const enhanced = /^\d{3}[ -]([245]\.\d{1,3}\.\d{1,3})/.exec(response)?.[1];
  return enhanced ? `${reply} ${enhanced}` : String(reply);
}

function plain(code: string): string | undefined {
  return /^[A-Z0-9]{2,20}$/.test(code) ? code : undefined;
}
