import { sql } from 'kysely';
import type { Portal } from '~/portal';

/** The payloads of the jobs of a name that wait in the queue, as owner. */
export async function queuedJobs(owner: Pick<Portal, 'db'>, task: string): Promise<Record<string, string>[]> {
  const { rows } = await sql<{ payload: Record<string, string> }>`
    select j.payload from graphile_worker._private_jobs j join graphile_worker._private_tasks t on t.id = j.task_id
      where t.identifier = ${task} order by j.id
  `.execute(owner.db);
  return rows.map(({ payload }) => payload);
}
