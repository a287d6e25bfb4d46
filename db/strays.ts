import { sql } from 'kysely';
import type { Trx } from './database';

/** A number of our own for the advisory lock that lets one sweep run at a time. */
const SWEEP_LOCK = 7_213_001;

/** A code that waits longer than this without a job in the queue was lost. */
const GRACE_MS = 30_000;

/**
 * Codes of unfinished redemptions for which no runnable job waits: their lease ran out, or they were
 * never asked. Doubts that wait for a person are left out. Empty while another sweep runs.
 */
export async function listStrayCodes(
  trx: Trx,
  { now, limit }: { now: Date; limit: number },
): Promise<{ codeId: string; provider: string }[]> {
  const { rows: locks } = await sql<{ locked: boolean }>`select pg_try_advisory_xact_lock(${SWEEP_LOCK}::bigint) as locked`.execute(trx);
  if (!locks[0]?.locked) return [];
  const before = new Date(now.getTime() - GRACE_MS);
  const { rows } = await sql<{ code_id: string; provider: string }>`
    select c.id as code_id, r.provider
      from redemptions r
      join codes c on c.redemption_id = r.id and c.returned_at is null
      left join issuances i on i.code_id = c.id and i.state in ('open', 'unknown', 'issued')
      where r.state in ('requested', 'issuing', 'in_doubt') and r.state_at < ${before}
        and i.state is distinct from 'issued'
        and (i.leased_until is null or i.leased_until < ${now})
        and i.handed_over_at is null
        and not exists (select 1 from graphile_worker._private_jobs j
          where j.key = 'issue-code:' || c.id and j.locked_at is null and j.attempts < j.max_attempts)
      order by r.state_at limit ${limit}
  `.execute(trx);
  return rows.map((row) => ({ codeId: row.code_id, provider: row.provider }));
}
