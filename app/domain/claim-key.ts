import type { ClaimDetails } from './claim-form';

/** What makes keyed tags. */
interface Tagger {
  tag(purpose: string, text: string): string;
}

/** How often the very same claim can be made anew from one browser, each time after a no. */
const ROUNDS = 10;

/** By what the draft of a browser is found: one for each programme. */
export function claimDraftDigest(
  crypto: { tokenDigest(purpose: string, token: string): Buffer },
  { campaignId, secret }: { campaignId: string; secret: string },
): Buffer {
  return crypto.tokenDigest('claim', `${campaignId}:${secret}`);
}

/** A tag of all that a claim says; it tells one claim of a browser from the next. */
export function claimSaid(crypto: Tagger, details: ClaimDetails): string {
  const { name, kana, postal, address, phone, mail, numbers } = details;
  return crypto.tag('claim-said', JSON.stringify([name, kana, postal, address, phone, mail, ...numbers]));
}

/** The keys under which a browser's claim that says this is kept: the first, and one for each time it is made after a no. */
export function claimRequestKeys(
  crypto: Tagger,
  { campaignId, secret, said }: { campaignId: string; secret: string; said: string },
): string[] {
  return Array.from({ length: ROUNDS }, (_, round) => crypto.tag('claim-request', `${campaignId}:${secret}:${said}:${round}`));
}
