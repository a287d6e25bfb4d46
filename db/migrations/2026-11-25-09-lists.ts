import { type Kysely, sql } from 'kysely';

/** What the console's home and lists need to stay quick: indexes, and a narrow look at the queue. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create index redemptions_newest on redemptions (state_at, id);
    create index messages_bounced on messages (campaign_id, state_at) where state = 'hard_failed';
    create index offers_paused on offers (campaign_id) where paused_at is not null;

    -- The queue belongs to the workers; the console learns how many jobs are in trouble and which, never what is in them.
    create function queue_troubles()
      returns table (trouble text, job_id bigint, task text, since timestamptz)
      language plpgsql stable security definer set search_path = pg_catalog, public as $$
    begin
      return query
        (select 'buried'::text, j.id, j.task_identifier, j.updated_at from graphile_worker.jobs j
          where j.attempts >= j.max_attempts and j.locked_at is null order by j.updated_at limit 100)
        union all
        (select 'late'::text, j.id, j.task_identifier, j.run_at from graphile_worker.jobs j
          where j.attempts < j.max_attempts and j.locked_at is null and j.run_at < now() - interval '1 minute'
          order by j.run_at limit 100);
    end $$;
    revoke all on function queue_troubles from public;
    grant execute on function queue_troubles to uketori_console;
  `.execute(db);
}
