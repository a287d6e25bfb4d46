import { sql } from 'kysely';
import type { Trx } from './database';
import type { ClaimMail } from './tables/claims';

/** A number of our own for the advisory lock that lets one sweep run at a time. */
const SWEEP_LOCK = 7_213_004;
/** A mail that waits longer than this without a job in the queue was lost. */
const GRACE_MS = 30_000;

/** Locks a mail to an applicant for the rest of the transaction. */
export async function lockClaimMail(trx: Trx, mailId: string): Promise<ClaimMail | null> {
  const row = await trx.selectFrom('claim_mails').selectAll().where('id', '=', mailId).forUpdate().executeTakeFirst();
  return row ?? null;
}

/** Locks the mails with the link that proves a claim's address which have not left yet, or are leaving. */
export async function lockWaitingProofs(trx: Trx, claimId: string) {
  return trx
    .selectFrom('claim_mails')
    .select(['id', 'state'])
    .where('claim_id', '=', claimId)
    .where('purpose', '=', 'prove')
    .where('state', 'in', ['queued', 'sending'])
    .forNoKeyUpdate()
    .execute();
}

/**
 * Mails to applicants that should go on and for which no job waits: a job was lost, or their worker died in the middle.
 * Empty while another sweep runs.
 */
export async function listStrayClaimMails(
  trx: Trx,
  { now, leaseMs, limit }: { now: Date; leaseMs: number; limit: number },
): Promise<string[]> {
  const { rows: locks } = await sql<{ locked: boolean }>`select pg_try_advisory_xact_lock(${SWEEP_LOCK}::bigint) as locked`.execute(trx);
  if (!locks[0]?.locked) return [];
  const { rows } = await sql<{ id: string }>`
    select m.id from claim_mails m
      where ((m.state = 'queued' and m.state_at < ${new Date(now.getTime() - GRACE_MS)})
          or (m.state = 'sending' and m.state_at < ${new Date(now.getTime() - leaseMs)}))
        and not exists (select 1 from graphile_worker._private_jobs j
          where j.key = 'send-claim-mail:' || m.id and j.locked_at is null and j.attempts < j.max_attempts)
      order by m.state_at limit ${limit}
  `.execute(trx);
  return rows.map((row) => row.id);
}
