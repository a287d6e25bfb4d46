import { sql } from 'kysely';
import type { Trx } from './database';

/** A number of our own for the advisory lock that lets one sweep run at a time. */
const SWEEP_LOCK = 7_213_003;
/** An approval that was given longer ago than this and has no job was lost. */
const GRACE_MS = 30_000;

/** Approved acts that a job should go on with and for which none is left. Empty while another sweep runs. */
export async function listStrayApprovals(trx: Trx, { now, limit }: { now: Date; limit: number }): Promise<{ id: string; act: string }[]> {
  const { rows: locks } = await sql<{ locked: boolean }>`select pg_try_advisory_xact_lock(${SWEEP_LOCK}::bigint) as locked`.execute(trx);
  if (!locks[0]?.locked) return [];
  const before = new Date(now.getTime() - GRACE_MS);
  return (await sql<{ id: string; act: string }>`select id, act from stray_approvals(${before}, ${limit}::int)`.execute(trx)).rows;
}
