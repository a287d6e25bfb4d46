import { z } from 'zod';
import type { Crypto } from '../crypto.server';

/** Who opened a link, until it has been idle for half an hour. Lives sealed in the browser; nothing is stored here. */
export interface RecipientSession {
  readonly grantId: string;
  /** The link's generation: a change of address ends sessions of the old link. */
  readonly generation: number;
  /** Binds form tokens to this session. */
  readonly sid: string;
  readonly seenAt: Date;
}

const COOKIE = '__Host-receive';
const PURPOSE = 'recipient-session';
const IDLE_MS = 30 * 60_000;
/** A cookie younger than this is not written again. */
const REFRESH_AFTER_MS = 60_000;

const shape = z.object({ g: z.uuid(), n: z.int(), s: z.string().length(22), t: z.number() });

/** Starts a session for a link that was opened. */
export function startSession(crypto: Crypto, link: { grantId: string; generation: number }, now: Date): RecipientSession {
  return { ...link, sid: crypto.newKey(), seenAt: now };
}

/** The session of a request; null when there is none, it was idle too long, or it is not ours. */
export function readSession(crypto: Crypto, request: Request, now: Date): RecipientSession | null {
  const sealed = readCookie(request, COOKIE);
  const opened = sealed ? crypto.openText(PURPOSE, sealed) : null;
  if (opened === null) return null;
  const parsed = shape.safeParse(JSON.parse(opened));
  if (!parsed.success) return null;
  const { g, n, s, t } = parsed.data;
  return now.getTime() - t > IDLE_MS ? null : { grantId: g, generation: n, sid: s, seenAt: new Date(t) };
}

/** The Set-Cookie line of a session. */
export function sessionCookie(crypto: Crypto, session: RecipientSession): string {
  const { grantId: g, generation: n, sid: s, seenAt } = session;
  const sealed = crypto.sealText(PURPOSE, JSON.stringify({ g, n, s, t: seenAt.getTime() }));
  return `${COOKIE}=${sealed}; Path=/; Secure; HttpOnly; SameSite=Lax`;
}

/** Takes the session away from the browser. */
export const ENDED_COOKIE = `${COOKIE}=; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0`;

/** The session as seen now, when it is time to write it again; null while the browser's is fresh enough. */
export function refreshed(session: RecipientSession, now: Date): RecipientSession | null {
  return now.getTime() - session.seenAt.getTime() < REFRESH_AFTER_MS ? null : { ...session, seenAt: now };
}

/** One cookie of a request. */
export function readCookie(request: Request, name: string): string | null {
  for (const part of (request.headers.get('cookie') ?? '').split(';')) {
    const at = part.indexOf('=');
    if (at > 0 && part.slice(0, at).trim() === name) return part.slice(at + 1).trim();
  }
  return null;
}
