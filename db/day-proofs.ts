import { sql } from 'kysely';
import type { Db, Trx } from './database';

const DAY_PROOF_COLUMNS = ['campaign_id', 'day', 'record', 'previous', 'hash', 'key_id', 'signature', 'made_at'] as const;

/** The last record of a campaign's chain. */
export async function findLastDayProof(db: Db | Trx, campaignId: string) {
  const row = await db
    .selectFrom('day_proofs')
    .select(DAY_PROOF_COLUMNS)
    .where('campaign_id', '=', campaignId)
    .orderBy('day', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row ?? null;
}

/** The chains of all campaigns or one, in their order. One record a day: small. */
export async function listDayProofs(db: Db | Trx, campaignId: string | null) {
  const query = db.selectFrom('day_proofs').select(DAY_PROOF_COLUMNS).orderBy('campaign_id').orderBy('day');
  return (campaignId === null ? query : query.where('campaign_id', '=', campaignId)).execute();
}

/** When the first grant of a campaign was written; null when there is none. */
export async function findFirstGrant(db: Db | Trx, campaignId: string): Promise<Date | null> {
  const row = await db
    .selectFrom('grants')
    .select((eb) => eb.fn.min('created_at').as('at'))
    .where('campaign_id', '=', campaignId)
    .executeTakeFirst();
  return row?.at ?? null;
}

/** A page of a campaign's proofs, the newest day first. */
export async function listRecentDayProofs(db: Db, campaignId: string, page: { before: string | null; limit: number }) {
  return db
    .selectFrom('day_proofs')
    .select(DAY_PROOF_COLUMNS)
    .where('campaign_id', '=', campaignId)
    .$if(page.before !== null, (query) => query.where('day', '<', page.before ?? ''))
    .orderBy('day', 'desc')
    .limit(page.limit)
    .execute();
}

/** How many redemptions of a campaign stand in which state, with their yen. */
export async function sumRedemptions(trx: Trx, campaignId: string): Promise<{ state: string; count: number; yen: bigint }[]> {
  const { rows } = await sql<{ state: string; count: number; yen: bigint }>`
    select state, count(*)::integer as count, sum(yen)::bigint as yen from redemptions where campaign_id = ${campaignId} group by state order by state
  `.execute(trx);
  return rows;
}

/** How many bought codes are left and given out, by provider and face value. */
export async function sumStock(trx: Trx, campaignId: string): Promise<{ provider: string; yen: bigint; left: number; given: number }[]> {
  const { rows } = await sql<{ provider: string; yen: bigint; left: number; given: number }>`
    select provider, yen, (count(*) filter (where issuance_id is null))::integer as left,
        (count(*) filter (where issuance_id is not null))::integer as given
      from stock_codes where campaign_id = ${campaignId} group by provider, yen order by provider, yen
  `.execute(trx);
  return rows;
}
