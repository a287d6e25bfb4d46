import { z } from 'zod';
import type { Crypto } from '../crypto.server';

/** A challenge for a passkey travels through the browser sealed, with what it is good for and when it was made. */
const PURPOSE = 'passkey-challenge';
/** A proof is good for so long. */
const FRESH_MS = 5 * 60_000;

const shape = z.object({ c: z.string().length(43), b: z.string(), t: z.number() });

/** Makes a challenge that is good for one purpose: session, act, thing and amount, as one text. */
export function issueChallenge(crypto: Crypto, bound: string, now: Date): { challenge: string; sealed: string } {
  const challenge = Buffer.from(crypto.newKey() + crypto.newKey(), 'base64url')
    .subarray(0, 32)
    .toString('base64url');
  return { challenge, sealed: crypto.sealText(PURPOSE, JSON.stringify({ c: challenge, b: bound, t: now.getTime() })) };
}

/** The challenge that was made for exactly this purpose; `wrong` for any other and for what is not ours. */
export function openChallenge(crypto: Crypto, sealed: string, bound: string, now: Date): { challenge: string } | 'wrong' | 'expired' {
  const opened = crypto.openText(PURPOSE, sealed);
  const parsed = opened === null ? null : shape.safeParse(JSON.parse(opened));
  if (!parsed?.success || parsed.data.b !== bound) return 'wrong';
  const age = now.getTime() - parsed.data.t;
  return age < 0 || age > FRESH_MS ? 'expired' : { challenge: parsed.data.c };
}
