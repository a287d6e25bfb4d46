import { formToken } from './form';
import { readCookie } from './session';
import type { ConsoleVisit } from './staff-visit';

/** Binds the forms of pages before sign-in to the browser that was given them. */
const COOKIE = '__Host-staff-open';

/** What the forms of open pages are bound to; something nobody has when the browser brings nothing. */
export function openSid(visit: ConsoleVisit): string {
  const kept = readCookie(visit.request, COOKIE);
  return `open:${kept && /^[A-Za-z0-9_-]{22}$/.test(kept) ? kept : visit.portal.crypto.newKey()}`;
}

/** The token for the forms of an open page, and the cookie that goes with it when the browser has none yet. */
export function openToken(visit: ConsoleVisit): { sid: string; token: string; headers: Readonly<Record<string, string>> } {
  const { crypto } = visit.portal;
  const has = /^[A-Za-z0-9_-]{22}$/.test(readCookie(visit.request, COOKIE) ?? '');
  const sid = openSid(visit);
  const headers: Record<string, string> = {};
  if (!has) headers['set-cookie'] = `${COOKIE}=${sid.slice('open:'.length)}; Path=/; Secure; HttpOnly; SameSite=Strict`;
  return { sid, token: formToken(crypto, sid), headers };
}
