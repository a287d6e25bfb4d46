import { findGrantByLinkDigest } from '#db/grants';
import type { Portal } from '../portal';

/**
 * Finds the grant of a link's token. Reads only, however often a scanner opens it. What stands after the token is left
 * aside: phones take the letters and the full stop after a link into it.
 * @returns null for unknown, revoked and malformed tokens alike
 */
export async function findGrantByToken(
  portal: Pick<Portal, 'db' | 'crypto'>,
  token: string,
): Promise<{ grantId: string; generation: number } | null> {
  const own = /^[A-Za-z0-9_-]{22}/.exec(token)?.[0];
  return own ? findGrantByLinkDigest(portal.db, portal.crypto.linkDigest(own)) : null;
}
