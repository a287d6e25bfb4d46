import type { CampaignSettings } from './campaign';
import { normaliseMail, readMail, readPhone } from './contact';
import { readPhrase } from './phrase';

/** "Is this message real?": what somebody types about it, and what may be said. Pure. */

export interface TypedCheck {
  readonly sender: string;
  readonly phrase: string;
  /** Where the message arrived: a phone number or a mail address. */
  readonly arrived: string;
}

export interface CheckFacts {
  readonly sender: string;
  readonly phrase: string;
  readonly arrived: { readonly kind: 'phone' | 'mail'; readonly value: string };
}

export type CheckProblem = { readonly field: keyof TypedCheck; readonly problem: 'missing' | 'unreadable' };

/** Senders as a campaign publishes them. */
export type Senders = CampaignSettings['senders'];

/** Who sends for a programme, as it is published. */
export interface PublishedSender extends Pick<CampaignSettings, 'name' | 'office' | 'senders' | 'callCentre'> {
  readonly id: string;
}

/**
 * `ours`: the phrase belongs to a message of ours to this address, and the sender is the published one. `other_number`:
 * the phrase does, but the SMS shows another number, as some carriers let it. `other_sender`: the phrase does, and it
 * came from elsewhere: it may be copied. `not_ours`: there is no such message.
 */
export type CheckVerdict = 'ours' | 'other_number' | 'other_sender' | 'not_ours';

const LENGTH_MOST = 254;

/** Reads what was typed, or says what is wrong with each field; says nothing about whether it is true. */
export function readCheck({ sender, phrase, arrived }: TypedCheck): CheckFacts | { readonly problems: readonly CheckProblem[] } {
  const problems: CheckProblem[] = [];
  const from = readSender(sender);
  if (from === '') problems.push({ field: 'sender', problem: 'missing' });
  const words = readPhrase(phrase);
  if (words === null) problems.push({ field: 'phrase', problem: phrase.trim() === '' ? 'missing' : 'unreadable' });
  const to = readArrived(arrived);
  if (to === null) problems.push({ field: 'arrived', problem: arrived.trim() === '' ? 'missing' : 'unreadable' });
  return words === null || to === null || problems.length > 0 ? { problems } : { sender: from, phrase: words, arrived: to };
}

/** A phone number or a mail address as somebody types it; null: neither. */
export function readArrived(typed: string): CheckFacts['arrived'] | null {
  const phone = readPhone(typed);
  if (phone) return { kind: 'phone', value: phone.e164 };
  const mail = readMail(typed);
  return mail ? { kind: 'mail', value: normaliseMail(mail) } : null;
}

/** A sender as it can be compared: digits of a number, else small letters without spaces. */
function readSender(typed: string): string {
  const plain = typed.normalize('NFKC').trim().slice(0, LENGTH_MOST).toLowerCase();
  // A mail program shows "Name <address>".
  const address = /<([^<>]+)>\s*$/.exec(plain)?.[1] ?? plain;
  return isNumber(address) ? digitsOf(address) : address.replace(/\s+/g, '');
}

function isNumber(text: string): boolean {
  return /^[+\d][\d\s()ー－‐–-]*$/.test(text) && /\d/.test(text);
}

function digitsOf(text: string): string {
  return text.replace(/^\s*\+?81(?=[\s\d(-]{9,})/, '0').replace(/\D/g, '');
}

/** Whether a sender that was typed is one of these: the whole address or its domain, or the number however written. */
export function isOfficialSender(sender: string, senders: Senders): boolean {
  const mails = [senders.mail, ...(senders.reminderMail ? [senders.reminderMail] : [])].map((mail) => mail.toLowerCase());
  return sender === readSender(senders.sms) || mails.some((mail) => sender === mail || sender === mail.slice(mail.indexOf('@') + 1));
}

/** Decides what may be said of a sender, when the phrase belongs to a message of a campaign with these senders or to none. */
export function decideCheck(sender: string, senders: Senders | null): CheckVerdict {
  if (!senders) return 'not_ours';
  if (isOfficialSender(sender, senders)) return 'ours';
  return /^\d+$/.test(sender) ? 'other_number' : 'other_sender';
}
