import { EMPTY_CLAIM, type TypedClaim } from '../domain/claim-form';
import type { Portal } from '../portal';

/** What was typed in a browser so far. */
export interface ClaimDraft {
  readonly campaignId: string;
  readonly typed: TypedClaim;
}

/** The draft that belongs to the secret of a browser; null when there is none, or it cannot be read any more. */
export async function findClaimDraft(portal: Pick<Portal, 'db' | 'crypto' | 'log'>, secret: string): Promise<ClaimDraft | null> {
  const row = await portal.db
    .selectFrom('claim_drafts')
    .select(['id', 'campaign_id', 'typed_sealed', 'typed_key_id'])
    .where('digest', '=', portal.crypto.tokenDigest('claim', secret))
    .executeTakeFirst();
  if (!row) return null;
  try {
    const typed = JSON.parse(portal.crypto.open('claim_drafts.typed', row.id, row.typed_sealed, row.typed_key_id)) as TypedClaim;
    return { campaignId: row.campaign_id, typed: { ...EMPTY_CLAIM, ...typed } };
  } catch {
    portal.log.error({ draft: row.id }, 'a draft of a claim cannot be opened');
    return null;
  }
}
