import { sql } from 'kysely';
import type { Trx } from './database';
import { isFrozenAt } from './frozen';

export interface LapsableRow {
  readonly id: string;
  readonly residualYen: bigint;
  readonly frozen: boolean;
}

/**
 * The next grants past their deadline after an id, with what is left on them; locked, so that nothing can
 * be returned to them meanwhile. Grants with nothing left are passed over inside the database.
 */
export async function listLapsable(
  trx: Trx,
  { campaignId, now, after, limit, lock }: { campaignId: string; now: Date; after: string | null; limit: number; lock: boolean },
): Promise<LapsableRow[]> {
  const { rows: due } = await sql<{ id: string }>`
    select g.id from grants g
      where g.campaign_id = ${campaignId} and g.deadline_at <= ${now} and (${after}::uuid is null or g.id > ${after}::uuid)
        and (select coalesce(sum(p.yen), 0) from postings p where p.grant_id = g.id and p.account = 'grant') > 0
      order by g.id limit ${limit} ${lock ? sql`for no key update of g` : sql``}
  `.execute(trx);
  // What another run lapsed while we stood in line for its lock shows only now, in a new reading of the same rows.
  const { rows } = await sql<{ id: string; residual_yen: bigint; frozen: boolean }>`
    select g.id, (select coalesce(sum(p.yen), 0)::bigint from postings p where p.grant_id = g.id and p.account = 'grant') as residual_yen,
        ${isFrozenAt(now)} as frozen
      from grants g where g.id = any(${due.map((row) => row.id)}::uuid[]) order by g.id
  `.execute(trx);
  return rows.map((row) => ({ id: row.id, residualYen: row.residual_yen, frozen: row.frozen }));
}

/** Ids of the campaigns that have grants past their deadline. */
export async function listLapsingCampaigns(trx: Trx, now: Date): Promise<string[]> {
  const rows = await trx
    .selectFrom('campaigns as c')
    .where((eb) =>
      eb.exists(eb.selectFrom('grants as g').whereRef('g.campaign_id', '=', 'c.id').where('g.deadline_at', '<=', now).select('g.id')),
    )
    .select('c.id')
    .execute();
  return rows.map((row) => row.id);
}
