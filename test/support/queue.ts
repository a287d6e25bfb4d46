import { sql } from 'kysely';
import type { Trx } from '#db/database';
import type { JobRequest } from '~/jobs';
import { queuedForm } from '~/jobs.server';
import type { Portal } from '~/portal';

/**
 * The real job table worked off by hand, in the order of its times and by the portal's clock: tests and
 * the simulation decide what runs when, and what "dies" in the middle.
 */
export interface QueuedJob {
  readonly id: string;
  readonly task: string;
  /** The one id it is about: of a code or of an approval. */
  readonly payload: { readonly codeId: string; readonly approvalId: string };
  readonly runAt: Date;
}

/** Lets the runtime roles add jobs at a given time, as `enqueue_job` lets them after a delay. Owner only. */
export async function prepareQueue(owner: Pick<Portal, 'db'>): Promise<void> {
  await sql`
    create function enqueue_job_at(job_name text, payload json, at timestamptz, job_key text) returns void
      language sql security definer as $$
        select graphile_worker.add_job(identifier => job_name, payload => payload, run_at => at, job_key => job_key, max_attempts => 25)
      $$`.execute(owner.db);
}

/** Adds a job as the portal does, but at the portal's time instead of the database's. */
export function enqueueAt(clock: Portal['clock']): Portal['enqueue'] {
  return async (trx: Trx, job: JobRequest) => {
    const { task, payload, key } = queuedForm(job);
    const runAt = new Date(clock.now().getTime() + job.delayMs);
    await sql`select enqueue_job_at(${task}, ${JSON.stringify(payload)}::json, ${runAt}::timestamptz, ${key})`.execute(trx);
  };
}

/** Takes the job that is due first and locks it, as a worker does; null when none waits. */
export async function takeJob(portal: Pick<Portal, 'db' | 'clock'>): Promise<QueuedJob | null> {
  const { rows } = await sql<{ id: string; task: string; payload: QueuedJob['payload']; run_at: Date }>`
    update graphile_worker._private_jobs j set locked_at = ${portal.clock.now()}, locked_by = 'test', attempts = attempts + 1
      from graphile_worker._private_tasks t
      where t.id = j.task_id and j.id = (select id from graphile_worker._private_jobs
        where locked_at is null and attempts < max_attempts order by run_at, id limit 1)
      returning j.id::text, t.identifier as task, j.payload, j.run_at
  `.execute(portal.db);
  const row = rows[0];
  return row ? { id: row.id, task: row.task, payload: row.payload, runAt: row.run_at } : null;
}

/** The job is done. */
export async function endJob(portal: Pick<Portal, 'db'>, job: QueuedJob): Promise<void> {
  await sql`delete from graphile_worker._private_jobs where id = ${job.id}::bigint`.execute(portal.db);
}

/** The job threw: it comes again after a pause. */
export async function failJob(portal: Pick<Portal, 'db' | 'clock'>, job: QueuedJob, pauseMs: number): Promise<void> {
  const runAt = new Date(portal.clock.now().getTime() + pauseMs);
  await sql`update graphile_worker._private_jobs set locked_at = null, locked_by = null, run_at = ${runAt}
    where id = ${job.id}::bigint`.execute(portal.db);
}
