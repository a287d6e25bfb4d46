import { type Kysely, sql } from 'kysely';

/** Queues the same job about many things in one statement: a wave of hundreds of thousands is queued in a minute or two. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create function enqueue_jobs(job_name text, thing text, ids uuid[], max_attempts integer)
      returns void language plpgsql security definer set search_path = pg_catalog, public as $$
    begin
      if array_length(ids, 1) is null then
        return;
      end if;
      perform graphile_worker.add_jobs(array(
        select row(job_name, json_build_object(thing, id), null, now(), max_attempts, job_name || ':' || id, null, null)::graphile_worker.job_spec
          from unnest(ids) as id));
    end $$;
    revoke all on function enqueue_jobs from public;
    grant execute on function enqueue_jobs to uketori_console;
  `.execute(db);
}
