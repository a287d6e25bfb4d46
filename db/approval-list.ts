import { sql } from 'kysely';
import type { CampaignScope } from '../app/domain/access';
import type { Db, Trx } from './database';
import type { ApprovalState } from './tables/staff';

/** A proposal as lists show it. */
export interface ApprovalRow {
  readonly id: string;
  readonly campaignId: string;
  readonly act: string;
  readonly yen: bigint;
  readonly state: ApprovalState;
  readonly outcome: string | null;
  readonly reason: string;
  readonly note: string;
  readonly grantId: string | null;
  readonly number: string | null;
  readonly items: number;
  readonly itemsDone: number;
  readonly itemsSkipped: number;
  readonly proposedBy: string;
  readonly proposedByName: string;
  readonly proposedAt: Date;
  readonly expiresAt: Date;
  readonly decidedByName: string | null;
  readonly decidedAt: Date | null;
  readonly decisionNote: string | null;
  readonly freeRule: string | null;
  readonly pausedAt: Date | null;
  readonly endedAt: Date | null;
  readonly plan: unknown;
}

function approvalQuery(db: Db | Trx) {
  return db
    .selectFrom('approvals as a')
    .innerJoin('staff as p', 'p.id', 'a.proposed_by')
    .leftJoin('staff as d', 'd.id', 'a.decided_by')
    .leftJoin('grants as g', 'g.id', 'a.grant_id')
    .select([
      'a.id',
      'a.campaign_id as campaignId',
      'a.act',
      'a.yen',
      'a.state',
      'a.outcome',
      'a.reason',
      'a.note',
      'a.grant_id as grantId',
      'g.number',
      'a.proposed_by as proposedBy',
      'p.name as proposedByName',
      'a.proposed_at as proposedAt',
      'a.expires_at as expiresAt',
      'd.name as decidedByName',
      'a.decided_at as decidedAt',
      'a.decision_note as decisionNote',
      'a.free_rule as freeRule',
      'a.paused_at as pausedAt',
      'a.ended_at as endedAt',
      'a.plan',
    ])
    .select([countItems().as('items'), countItems('done').as('itemsDone'), countItems('skipped').as('itemsSkipped')]);
}

function countItems(state?: 'done' | 'skipped') {
  return state
    ? sql<number>`(select count(*)::int from approval_items i where i.approval_id = a.id and i.state = ${sql.lit(state)})`
    : sql<number>`(select count(*)::int from approval_items i where i.approval_id = a.id)`;
}

export type ApprovalFilter = 'waiting' | 'running' | 'mine' | 'ended';

/** Proposals of a kind, newest first, by pages of keys: `before` is the last id of the page before. */
export async function listApprovals(
  db: Db,
  {
    scope,
    filter,
    ownOnly,
    staffId,
    before,
    limit,
  }: { scope: CampaignScope; filter: ApprovalFilter; ownOnly: boolean; staffId: string; before: string | null; limit: number },
): Promise<ApprovalRow[]> {
  let query = approvalQuery(db).orderBy('a.id', 'desc').limit(limit);
  if (scope !== 'all') query = query.where('a.campaign_id', 'in', scope.length > 0 ? [...scope] : ['']);
  if (before) query = query.where('a.id', '<', before);
  if (filter === 'waiting') query = query.where('a.state', '=', 'proposed');
  if (filter === 'running') query = query.where('a.state', '=', 'approved');
  if (filter === 'mine' || ownOnly) query = query.where('a.proposed_by', '=', staffId);
  if (filter === 'ended') query = query.where('a.state', 'not in', ['proposed', 'approved']);
  return query.execute();
}

/** One proposal; null when there is none. */
export async function findApproval(db: Db, id: string): Promise<ApprovalRow | null> {
  return (await approvalQuery(db).where('a.id', '=', id).executeTakeFirst()) ?? null;
}

/** The first things of a proposal on many, what was skipped before all others. */
export async function listApprovalItems(
  db: Db,
  { approvalId, limit }: { approvalId: string; limit: number },
): Promise<{ grantId: string; number: string; yen: bigint; state: 'waiting' | 'done' | 'skipped'; outcome: string | null }[]> {
  return db
    .selectFrom('approval_items as i')
    .innerJoin('grants as g', 'g.id', 'i.grant_id')
    .where('i.approval_id', '=', approvalId)
    .orderBy(sql`i.state <> 'skipped'`)
    .orderBy('i.position')
    .limit(limit)
    .select(['i.grant_id as grantId', 'g.number', 'i.yen', 'i.state', 'i.outcome'])
    .execute();
}

/** The approval that waits or runs for something, if there is one. */
export async function findLiveApproval(
  db: Db,
  subject: { kind: string; id: string },
): Promise<{ id: string; act: string; state: 'proposed' | 'approved' } | null> {
  const row = await db
    .selectFrom('approvals')
    .select(['id', 'act', 'state'])
    .where('subject_kind', '=', subject.kind)
    .where('subject_id', '=', subject.id)
    .where('state', 'in', ['proposed', 'approved'])
    .executeTakeFirst();
  return row ? { id: row.id, act: row.act, state: row.state as 'proposed' | 'approved' } : null;
}
