import { findDraftRow } from '#db/claim-drafts';
import { CLAIM_DRAFT_PLACE, isLessThan, readClaim, type TypedClaim, tryOpenClaimDraft } from '../domain/claim-form';
import { claimDraftDigest } from '../domain/claim-key';
import type { Portal } from '../portal';

/** A draft that nobody has touched for so long is forgotten, with all that stands in it. */
const KEPT_MS = 30 * 86_400_000;

/**
 * Keeps what an applicant has typed so far, sealed: it outlives sessions and browsers that were closed. A draft for each
 * programme; a form that was left half empty in another tab does not take the place of one that is finished.
 */
export async function saveClaimDraft(
  portal: Pick<Portal, 'db' | 'crypto' | 'clock'>,
  { campaignId, secret, typed }: { campaignId: string; secret: string; typed: TypedClaim },
): Promise<void> {
  const { crypto } = portal;
  const now = portal.clock.now();
  const digest = claimDraftDigest(crypto, { campaignId, secret });
  const row = await findDraftRow(portal.db, digest);
  const before = row && tryOpenClaimDraft(crypto, row);
  if (before && readClaim(before).ok && !readClaim(typed).ok && isLessThan(typed, before)) return;
  const id = crypto.newId(now);
  const { sealed, keyId } = crypto.seal(CLAIM_DRAFT_PLACE, id, JSON.stringify(typed));
  const kept = { id, campaign_id: campaignId, typed_sealed: sealed, typed_key_id: keyId, saved_at: now };
  await portal.db.transaction().execute(async (trx) => {
    await trx
      .deleteFrom('claim_drafts')
      .where('saved_at', '<', new Date(now.getTime() - KEPT_MS))
      .execute();
    await trx
      .insertInto('claim_drafts')
      .values({ ...kept, digest, begun_at: now })
      .onConflict((conflict) => conflict.column('digest').doUpdateSet(kept))
      .execute();
  });
}
