import { createHash } from 'node:crypto';
import type { Fault } from './port';

/** What all stand-ins share: queued faults, broken connections, made-up codes. Never part of production. */

/** Shown before the order is looked at; nothing is issued. */
export const EARLY_FAULTS = [
  'timeout_before',
  'error_before',
  'garbage',
  'unlisted',
  'redirect',
  'account_suspended',
] as const satisfies readonly Fault[];
/** Take the place of a new issue. A repeat of a known key is answered as always and leaves them waiting. */
export const ORDER_FAULTS = ['out_of_stock', 'insufficient_funds', 'rejected', 'wrong_amount'] as const satisfies readonly Fault[];
/** Spoil the answer to what was issued. */
export const LATE_FAULTS = ['timeout_after', 'error_after', 'torn'] as const satisfies readonly Fault[];

export interface FaultQueue {
  add(fault: Fault, times?: number): void;
  /** Takes the next fault off the queue if it is one of these. */
  take<F extends Fault>(...kinds: readonly F[]): F | undefined;
}

/** Faults in the order in which they are to happen, one for each call that asks for its kind. */
export function faultQueue(): FaultQueue {
  const queue: Fault[] = [];
  return {
    add(fault, times = 1) {
      for (let n = 0; n < times; n += 1) queue.push(fault);
    },
    take<F extends Fault>(...kinds: readonly F[]) {
      const next = kinds.find((kind) => kind === queue[0]);
      if (next) queue.shift();
      return next;
    },
  };
}

/** Says nothing for `hangMs`, then breaks. Keeps no process alive. */
export function hang(hangMs: number): Promise<never> {
  return new Promise((_, reject) => setTimeout(() => reject(new Error('connection broken')), hangMs).unref());
}

/** An answer of which half arrives before the connection breaks. */
export function torn(whole: Response, text: string): Response {
  const half = Buffer.from(text).subarray(0, Math.floor(Buffer.byteLength(text) / 2));
  let sent = false;
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      if (sent) controller.error(new Error('connection broken'));
      else controller.enqueue(half);
      sent = true;
    },
  });
  const headers = new Headers(whole.headers);
  headers.set('content-length', String(Buffer.byteLength(text)));
  return new Response(body, { status: whole.status, headers });
}

/** An answer of JSON. */
export function json(status: number, body: unknown, headers: Record<string, string> = {}): Response {
  return new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json', ...headers } });
}

/** A success in another language than the agreed one, as a captive gateway sends it. */
export function garbage(): Response {
  return new Response('<!doctype html><title>OK</title><p>It works!', { status: 200, headers: { 'content-type': 'text/html' } });
}

/** An answer that points elsewhere: a client that follows it tells its secrets to a stranger. */
export function redirect(): Response {
  return new Response(null, { status: 302, headers: { location: 'https://elsewhere.example/' } });
}

/** Letters and digits without those that look alike. */
export const CLEAR = 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789';
export const DIGITS = '0123456789';

/** `length` characters that are always the same for the same parts. */
export function madeUp(length: number, alphabet: string, ...parts: readonly (string | number)[]): string {
  let text = '';
  for (let block = 0; text.length < length; block += 1) {
    const bytes = createHash('sha256')
      .update(JSON.stringify([...parts, block]))
      .digest();
    for (const byte of bytes) text += alphabet[byte % alphabet.length];
  }
  return text.slice(0, length);
}

/** The path of a request below the stand-in's own prefix. */
export function pathBelow(request: Request, baseUrl: string): string {
  const prefix = new URL(baseUrl).pathname.replace(/\/+$/, '');
  const { pathname } = new URL(request.url);
  return pathname.startsWith(`${prefix}/`) ? pathname.slice(prefix.length) : pathname;
}

/** A calendar day in Japan (YYYY-MM-DD), `months` after the given instant. */
export function dayInJapan(now: Date, months = 0): string {
  const local = new Date(now.getTime() + 9 * 3_600_000);
  local.setUTCMonth(local.getUTCMonth() + months);
  return local.toISOString().slice(0, 10);
}
