import { findLastAnchor, getHead, insertAnchor } from '#db/audit-chain';
import { anchorText, headText } from '../domain/chain';
import type { Portal } from '../portal';

/**
 * Signs where the audit chain stands, when it has moved since the last time, and says so in the log, which lies
 * outside the database: who cuts or rewrites the chain would have to rewrite both. Without a key only the log is
 * written. @returns the signed place, or null when nothing was signed
 */
export async function anchorAudit(portal: Pick<Portal, 'db' | 'clock' | 'log' | 'signer'>): Promise<bigint | null> {
  const head = await getHead(portal.db);
  const last = await findLastAnchor(portal.db);
  if (head.seq === 0n || last?.seq === head.seq) return null;
  const { signer } = portal;
  const at = portal.clock.now();
  portal.log.info({ head: headText(head), signed: signer !== undefined }, 'the audit chain stands here');
  if (!signer) return null;
  await insertAnchor(portal.db, { ...head, at, keyId: signer.keyId, signature: signer.sign(anchorText({ ...head, at })) });
  return head.seq;
}
