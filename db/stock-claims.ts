import { sql } from 'kysely';
import type { Trx } from './database';

export interface ClaimableStock {
  readonly id: string;
  readonly code_sealed: Buffer;
  readonly code_key_id: string;
  readonly digest: Buffer;
  readonly expires_on: string;
}

/** Locks the free code of a face value that expires first; codes that another worker is taking are passed over. */
export async function claimStockCode(
  trx: Trx,
  { campaignId, provider, yen, today }: { campaignId: string; provider: string; yen: bigint; today: string },
): Promise<ClaimableStock | null> {
  const { rows } = await sql<ClaimableStock>`
    select id, code_sealed, code_key_id, digest, expires_on from stock_codes
      where campaign_id = ${campaignId} and provider = ${provider} and yen = ${yen} and issuance_id is null
        and expires_on >= ${today}::date
      order by expires_on, id limit 1 for update skip locked
  `.execute(trx);
  return rows[0] ?? null;
}

/** Marks a locked code as handed out; its content now lives with the issuance alone. */
export async function markStockClaimed(
  trx: Trx,
  { stockId, issuanceId, now }: { stockId: string; issuanceId: string; now: Date },
): Promise<void> {
  await trx
    .updateTable('stock_codes')
    .set({ issuance_id: issuanceId, claimed_at: now, code_sealed: null, code_key_id: null })
    .where('id', '=', stockId)
    .execute();
}
