import { sql } from 'kysely';
import type { Trx } from './database';

/**
 * Adds a job to graphile-worker's queue inside the caller's transaction. A job with the same key that
 * waits already is replaced; one that runs already is left to end and a new one is added.
 */
export async function addJob(
  trx: Trx,
  job: { task: string; payload: Readonly<Record<string, string>>; delayMs: number; key: string; maxAttempts: number },
): Promise<void> {
  await sql`select enqueue_job(${job.task}, ${JSON.stringify(job.payload)}::json, ${Math.round(job.delayMs)}::bigint,
    ${job.key}, ${job.maxAttempts})`.execute(trx);
}

/** The same for the sending of many messages at once, in one statement. */
export async function addSendJobs(trx: Trx, messageIds: readonly string[], maxAttempts: number): Promise<void> {
  await sql`select enqueue_jobs('send-message', 'messageId', ${[...messageIds]}::uuid[], ${maxAttempts}::integer)`.execute(trx);
}
