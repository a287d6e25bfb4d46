import { findGrantByLinkDigest } from '#db/grants';
import { readLinkToken } from '../domain/link-token';
import type { Portal } from '../portal';

/**
 * Finds the grant of a link's token. Reads only, however often a scanner opens it.
 * @returns null for unknown, revoked and malformed tokens alike
 */
export async function findGrantByToken(
  portal: Pick<Portal, 'db' | 'crypto'>,
  token: string,
): Promise<{ grantId: string; generation: number } | null> {
  const own = readLinkToken(token);
  return own ? findGrantByLinkDigest(portal.db, portal.crypto.linkDigest(own)) : null;
}
