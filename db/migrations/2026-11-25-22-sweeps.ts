import { type Kysely, sql } from 'kysely';

/** What recurring work of the console asks for: approvals that nobody works on, and re-issues nobody was told of. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    -- Approved, to be gone on with by a job, and no job that may run, or runs and is not of a worker that is gone. Paused ones wait for a person.
    create function stray_approvals(before timestamptz, most integer)
      returns table (id uuid, act text)
      language plpgsql stable security definer set search_path = pg_catalog, public as $$
    begin
      return query
        select a.id, a.act from public.approvals a
          where a.state = 'approved' and a.paused_at is null and coalesce(a.decided_at, a.proposed_at) < before
            and not exists (select 1 from graphile_worker.jobs j
              where j.key in ('void-code:' || a.id, 'run-bulk:' || a.id, 'make-export:' || a.id)
                and ((j.locked_at is null and j.attempts < j.max_attempts) or j.locked_at > now() - interval '30 minutes'))
          order by a.id limit most;
    end $$;
    revoke all on function stray_approvals from public;
    grant execute on function stray_approvals to uketori_console;

    -- That a recipient was told of a re-issue: once for each approval and person. No message: there was no address.
    create table reissue_notices (
      approval_id uuid not null references approvals,
      grant_id uuid not null references grants,
      message_id uuid references messages,
      at timestamptz not null,
      primary key (approval_id, grant_id)
    );
    create trigger reissue_notices_stay before update or delete or truncate on reissue_notices
      for each statement execute function refuse_change();
    create index approvals_reissued on approvals (ended_at) where act = 'reissue' and state = 'done';
    grant select, insert on reissue_notices to uketori_console;
  `.execute(db);
}
