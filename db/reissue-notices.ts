import { sql } from 'kysely';
import type { Db, Trx } from './database';

/** A re-issue that came to a code and of which nobody told the recipient. */
export interface UntoldReissue {
  readonly approvalId: string;
  readonly grantId: string;
  readonly yen: bigint;
  /** There was a code before, which is worthless now. */
  readonly replaces: boolean;
  readonly proposedBy: string;
}

/** Re-issues since an instant whose new codes are there, alone or as one of many, oldest first. */
export async function listUntoldReissues(db: Db, { since, limit }: { since: Date; limit: number }): Promise<UntoldReissue[]> {
  const { rows } = await sql<UntoldReissue>`
    select * from (
      select a.id as "approvalId", a.grant_id as "grantId", a.yen, a.plan #>> '{input,code}' is not null as replaces,
          a.proposed_by as "proposedBy"
        from approvals a
        where a.act = 'reissue' and a.state = 'done' and a.ended_at >= ${since} and a.yen > 0
          and exists (select 1 from redemptions r where r.grant_id = a.grant_id and r.state = 'issued'
            and (a.plan #>> '{input,redemption}')::uuid in (r.id, r.replaces_id))
      union all
      select a.id, i.grant_id, sum(i.yen)::bigint, false, a.proposed_by
        from approvals a join approval_items i on i.approval_id = a.id and i.state = 'done'
        join redemptions r on r.id = i.redemption_id
        where a.act = 'bulk_reissue' and a.state in ('approved', 'done') and i.at >= ${since}
        group by a.id, i.grant_id having bool_and(r.state = 'issued')
    ) told
    where not exists (select 1 from reissue_notices n where n.approval_id = told."approvalId" and n.grant_id = told."grantId")
    order by "approvalId", "grantId" limit ${limit}
  `.execute(db);
  return rows;
}

/** Takes the one notice of an approval to a person behind its key, until the end of the transaction. @returns false when it was taken */
export async function isUntold(trx: Trx, { approvalId, grantId }: { approvalId: string; grantId: string }): Promise<boolean> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`reissue-notice ${approvalId} ${grantId}`}, 0))`.execute(trx);
  const { rows } = await sql<{ told: boolean }>`
    select exists (select 1 from reissue_notices where approval_id = ${approvalId} and grant_id = ${grantId}) as told
  `.execute(trx);
  return rows[0]?.told === false;
}
