import { findDraftRow } from '#db/claim-drafts';
import { type TypedClaim, tryOpenClaimDraft } from '../domain/claim-form';
import { claimDraftDigest } from '../domain/claim-key';
import type { Portal } from '../portal';

/** What was typed in a browser for a programme; null when there is nothing, or it cannot be read any more. */
export async function findClaimDraft(
  portal: Pick<Portal, 'db' | 'crypto' | 'log'>,
  of: { campaignId: string; secret: string },
): Promise<TypedClaim | null> {
  const row = await findDraftRow(portal.db, claimDraftDigest(portal.crypto, of));
  if (!row) return null;
  const typed = tryOpenClaimDraft(portal.crypto, row);
  if (!typed) portal.log.error({ draft: row.id }, 'a draft of a claim cannot be opened');
  return typed;
}
