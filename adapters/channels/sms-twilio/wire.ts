import { createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { type FailureReason, failed, type SendOutcome } from '../port';

/** Twilio's Messages API, version 2010-04-01: what it calls a message, the message resource, its states and error codes. */
export const SID = /^(SM|MM)[0-9a-f]{32}$/;
const message = z.object({
  sid: z.string().regex(SID),
  status: z.string(),
  error_code: z.number().nullish(),
});
export type TwilioMessage = z.infer<typeof message>;
const problem = z.object({ code: z.number().int() });

/** Longest text in characters. */
export const LONGEST = 1_600;

/** Reads one message; null: not one. */
export function readMessage(body: string): TwilioMessage | null {
  return message.safeParse(json(body)).data ?? null;
}

/** The carrier's no, of a message that Twilio calls undelivered or failed. */
const CARRIER: Readonly<Record<number, FailureReason>> = {
  30001: 'busy',
  30002: 'sender_refused',
  30003: 'unreachable',
  30004: 'blocked',
  30005: 'unknown_address',
  30006: 'bad_address',
  30007: 'blocked',
  // Not sent within its time ("not after"): the next hours may be better.
  30036: 'busy',
};

/** A no to a sending itself. */
const REFUSALS: Readonly<Record<number, FailureReason>> = {
  10001: 'sender_refused',
  20003: 'sender_refused',
  20005: 'sender_refused',
  20403: 'sender_refused',
  20429: 'busy',
  21211: 'bad_address',
  21408: 'sender_refused',
  21610: 'blocked',
  21611: 'busy',
  21612: 'rejected',
  21614: 'bad_address',
  21617: 'rejected',
  21635: 'bad_address',
  90010: 'sender_refused',
};

/** What has become of a message that Twilio has. States that are not listed here say nothing. */
export function outcomeOfMessage({ sid, status, error_code }: TwilioMessage): SendOutcome {
  switch (status) {
    case 'accepted':
    case 'scheduled':
    case 'queued':
    case 'sending':
      return { kind: 'sent', reference: sid };
    case 'sent':
      return { kind: 'accepted', reference: sid };
    case 'delivered':
    case 'read':
      return { kind: 'delivered', reference: sid };
    case 'undelivered':
    case 'failed':
      // A sure no. In Japan mostly without a reason; then it is not tried again by itself.
      return failed(CARRIER[error_code ?? 0] ?? 'rejected', error_code ? String(error_code) : status);
    case 'canceled':
      return failed('rejected', 'canceled');
    default:
      return { kind: 'unknown', cause: 'unlisted', detail: 'status' };
  }
}

/** What an answer other than 2xx to a sending says: only a listed no is one. */
export function outcomeOfProblem(status: number, body: string): SendOutcome {
  const code = status >= 400 && status < 500 ? problem.safeParse(json(body)).data?.code : undefined;
  const reason = code === undefined ? undefined : REFUSALS[code];
  if (reason) return failed(reason, String(code));
  return status === 429 ? failed('busy', '429') : { kind: 'unknown', cause: 'unlisted', detail: String(status) };
}

/** `X-Twilio-Signature`: HMAC-SHA1 over the address and the sorted fields. */
export function signatureOf(authToken: string, url: string, form: URLSearchParams): string {
  const names = [...new Set(form.keys())].sort();
  const fields = names.map((name) => name + [...new Set(form.getAll(name))].sort().join('')).join('');
  return createHmac('sha1', authToken)
    .update(url + fields, 'utf8')
    .digest('base64');
}

/** Compares without telling by its time where they differ. */
export function sameSignature(given: string, made: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(made)];
  return a.length === b.length && timingSafeEqual(a, b);
}

function json(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return null;
  }
}
