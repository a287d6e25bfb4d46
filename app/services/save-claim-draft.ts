import type { TypedClaim } from '../domain/claim-form';
import type { Portal } from '../portal';

/** A draft that nobody has touched for so long is forgotten, with all that stands in it. */
const KEPT_MS = 30 * 86_400_000;

/** Keeps what an applicant has typed so far, sealed: it outlives sessions and browsers that were closed. */
export async function saveClaimDraft(
  portal: Pick<Portal, 'db' | 'crypto' | 'clock'>,
  { campaignId, secret, typed }: { campaignId: string; secret: string; typed: TypedClaim },
): Promise<void> {
  const { crypto } = portal;
  const now = portal.clock.now();
  const digest = crypto.tokenDigest('claim', secret);
  const id = crypto.newId(now);
  const { sealed, keyId } = crypto.seal('claim_drafts.typed', id, JSON.stringify(typed));
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
