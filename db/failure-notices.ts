import { sql } from 'kysely';
import type { Db, Trx } from './database';

/** A redemption whose code could not be issued, and of which nobody told the recipient. */
export interface UntoldFailure {
  readonly redemptionId: string;
  readonly grantId: string;
  readonly yen: bigint;
}

/** Redemptions that failed between two instants, are still failed, and for which no act of staff is under way, oldest first. */
export async function listUntoldFailures(
  db: Db,
  { from, until, limit }: { from: Date; until: Date; limit: number },
): Promise<UntoldFailure[]> {
  const { rows } = await sql<UntoldFailure>`
    select r.id as "redemptionId", r.grant_id as "grantId", r.yen from redemptions r
      where r.state = 'failed' and r.state_at between ${from} and ${until}
        and not exists (select 1 from failure_notices n where n.redemption_id = r.id)
        and not exists (select 1 from approvals a where a.grant_id = r.grant_id and a.state in ('proposed', 'approved'))
        and not exists (select 1 from approval_items i join approvals a on a.id = i.approval_id
          where i.redemption_id = r.id and a.state in ('proposed', 'approved'))
      order by r.state_at, r.id limit ${limit}
  `.execute(db);
  return rows;
}

/** Locks a failed redemption that nobody was told of, until the end of the transaction. @returns false when it is none any more */
export async function lockUntoldFailure(trx: Trx, redemptionId: string): Promise<boolean> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`failure-notice ${redemptionId}`}, 0))`.execute(trx);
  const { rows } = await sql<{ open: boolean }>`
    select exists (select 1 from redemptions r where r.id = ${redemptionId} and r.state = 'failed'
      and not exists (select 1 from failure_notices n where n.redemption_id = r.id)) as open
  `.execute(trx);
  return rows[0]?.open === true;
}
