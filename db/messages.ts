import { sql } from 'kysely';
import type { Trx } from './database';
import type { Message } from './tables/messages';

/** A number of our own for the advisory lock that lets one sweep run at a time. */
const SWEEP_LOCK = 7_213_002;
/** A message that is due longer than this without a job in the queue was lost. */
const GRACE_MS = 30_000;

/** Locks a message for the rest of the transaction. */
export async function lockMessage(trx: Trx, messageId: string): Promise<Message | null> {
  const row = await trx.selectFrom('messages').selectAll().where('id', '=', messageId).forUpdate().executeTakeFirst();
  return row ?? null;
}

/**
 * Messages that should go on and for which no job waits: their worker died, a job was lost, or a channel for their
 * kind of address has come. Empty while another sweep runs.
 */
export async function listStrayMessages(
  trx: Trx,
  { now, kinds, limit }: { now: Date; kinds: readonly string[]; limit: number },
): Promise<string[]> {
  const { rows: locks } = await sql<{ locked: boolean }>`select pg_try_advisory_xact_lock(${SWEEP_LOCK}::bigint) as locked`.execute(trx);
  if (!locks[0]?.locked) return [];
  const before = new Date(now.getTime() - GRACE_MS);
  const { rows } = await sql<{ id: string }>`
    select m.id from messages m
      where m.channel = any(${[...kinds]}::text[])
        and not exists (select 1 from waves w where w.id = m.wave_id and w.state = 'paused')
        and ((m.state in ('queued', 'soft_failed') and coalesce(m.due_at, m.state_at) < ${before})
          or (m.state in ('unknown', 'sent', 'accepted') and m.due_at < ${before})
          or (m.state = 'sending' and m.leased_until < ${now}))
        and not exists (select 1 from graphile_worker._private_jobs j
          where j.key = 'send-message:' || m.id and j.locked_at is null and j.attempts < j.max_attempts)
      order by m.state_at limit ${limit}
  `.execute(trx);
  return rows.map((row) => row.id);
}
