import { sql } from 'kysely';
import type { Db, Trx } from './database';

/** Failed redemptions of one campaign and provider that no live proposal names, oldest first. */
export async function listFailedRedemptions(
  trx: Db | Trx,
  {
    campaignId,
    provider,
    reason,
    ids,
    limit,
  }: { campaignId: string; provider: string; reason: string | null; ids: readonly string[] | null; limit: number },
): Promise<{ id: string; grantId: string }[]> {
  let query = trx
    .selectFrom('redemptions as r')
    .where('r.campaign_id', '=', campaignId)
    .where('r.provider', '=', provider)
    .where('r.state', '=', 'failed')
    .where(
      sql<boolean>`not exists (select 1 from approvals a where a.subject_kind = 'redemption' and a.subject_id = r.id::text
        and a.state in ('proposed', 'approved'))`,
    )
    .where(
      sql<boolean>`not exists (select 1 from approval_items i join approvals a on a.id = i.approval_id
        where i.redemption_id = r.id and i.state = 'waiting' and a.state in ('proposed', 'approved'))`,
    )
    .orderBy('r.state_at')
    .orderBy('r.id')
    .limit(limit)
    .select(['r.id', 'r.grant_id as grantId']);
  if (ids) query = query.where('r.id', 'in', ids.length > 0 ? [...ids] : ['00000000-0000-0000-0000-000000000000']);
  if (reason) {
    query = query.where(
      sql<boolean>`exists (select 1 from codes c join issuances i on i.code_id = c.id
        where c.redemption_id = r.id and i.state = 'declined' and i.reason = ${reason})`,
    );
  }
  return query.execute();
}

/** The next thing of an approved act on many that still waits; null when nothing does. */
export async function findWaitingItem(
  db: Db | Trx,
  approvalId: string,
): Promise<{ position: number; grantId: string; redemptionId: string; yen: bigint } | null> {
  const row = await db
    .selectFrom('approval_items')
    .where('approval_id', '=', approvalId)
    .where('state', '=', 'waiting')
    .orderBy('position')
    .limit(1)
    .select(['position', 'grant_id as grantId', 'redemption_id as redemptionId', 'yen'])
    .executeTakeFirst();
  return row ?? null;
}

/** Notes what came of one; only what still waits can change. @returns false when somebody was quicker */
export async function settleItem(
  trx: Trx,
  item: { approvalId: string; position: number; state: 'done' | 'skipped'; outcome: string | null; at: Date },
): Promise<boolean> {
  const [result] = await trx
    .updateTable('approval_items')
    .set({ state: item.state, outcome: item.outcome, at: item.at })
    .where('approval_id', '=', item.approvalId)
    .where('position', '=', item.position)
    .where('state', '=', 'waiting')
    .execute();
  return result?.numUpdatedRows === 1n;
}

/** Skips everything that still waits. @returns how many */
export async function skipWaitingItems(trx: Trx, items: { approvalId: string; outcome: string; at: Date }): Promise<number> {
  const [result] = await trx
    .updateTable('approval_items')
    .set({ state: 'skipped', outcome: items.outcome, at: items.at })
    .where('approval_id', '=', items.approvalId)
    .where('state', '=', 'waiting')
    .execute();
  return Number(result?.numUpdatedRows ?? 0n);
}

/** How far it has come. */
export async function countItems(db: Db | Trx, approvalId: string): Promise<{ done: number; skipped: number; waiting: number }> {
  const { rows } = await sql<{ done: number; skipped: number; waiting: number }>`
    select count(*) filter (where state = 'done')::int as done, count(*) filter (where state = 'skipped')::int as skipped,
      count(*) filter (where state = 'waiting')::int as waiting
      from approval_items where approval_id = ${approvalId}
  `.execute(db);
  return rows[0] ?? { done: 0, skipped: 0, waiting: 0 };
}

/** Approved acts on many that have not moved since an instant and are not paused. */
export async function listStillBulk(db: Db, { before, limit }: { before: Date; limit: number }): Promise<string[]> {
  const rows = await db
    .selectFrom('approvals as a')
    .select('a.id')
    .where('a.state', '=', 'approved')
    .where('a.act', 'like', 'bulk\\_%')
    .where('a.paused_at', 'is', null)
    .where('a.decided_at', '<', before)
    .where(sql<boolean>`not exists (select 1 from approval_items i where i.approval_id = a.id and i.at >= ${before})`)
    .limit(limit)
    .execute();
  return rows.map(({ id }) => id);
}
