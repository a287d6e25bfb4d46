/**
 * The link by which somebody stops reminders: `/stop/` and a token of the grant's id and a keyed proof. It opens
 * nothing else, and a change of address does not end it.
 */
const ID = 22;
const PROOF = 16;
const SHAPE = new RegExp(`^[A-Za-z0-9_-]{${ID + PROOF}}`);

/** The generation whose link token is the proof: links themselves begin at 1. */
export const STOP_GENERATION = 0;

/** The token for a grant; `proof` is its link token of `STOP_GENERATION`. */
export function stopTokenOf(grantId: string, proof: string): string {
  return Buffer.from(grantId.replaceAll('-', ''), 'hex').toString('base64url') + proof.slice(0, PROOF);
}

/**
 * The token at the beginning of what stands in the address, and the grant it speaks of, before anything is proved; null
 * when there is none. What mail programs take into a link after it is left aside.
 */
export function readStopToken(text: string): { readonly token: string; readonly grantId: string } | null {
  const token = SHAPE.exec(text)?.[0];
  if (token === undefined) return null;
  const hex = Buffer.from(token.slice(0, ID), 'base64url').toString('hex');
  const grantId = `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
  return { token, grantId };
}
