import { type Kysely, sql } from 'kysely';

/** Files made for staff, each taken once, within a quarter of an hour, and by whoever asked for it. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table exports (
      -- The same as its approval's, where it has one.
      id uuid primary key,
      campaign_id text not null references campaigns,
      kind text not null check (kind in ('grants', 'contacts', 'redemptions', 'issuances', 'ledger', 'audit', 'findings')),
      -- Counted before anybody decided.
      rows_counted bigint not null check (rows_counted >= 0),
      requested_by uuid not null references staff,
      requested_at timestamptz not null,
      approval_id uuid references approvals check (approval_id = id),
      state text not null check (state in ('waiting', 'making', 'ready', 'taken', 'gone', 'failed')),
      rows_done bigint not null default 0,
      ready_at timestamptz,
      expires_at timestamptz,
      taken_at timestamptz,
      -- When its content was removed.
      cleared_at timestamptz,
      check ((ready_at is null) = (expires_at is null)),
      check (expires_at <= ready_at + interval '15 minutes'),
      check ((state = 'taken') = (taken_at is not null)),
      check (taken_at < expires_at)
    );
    create index exports_own on exports (requested_by, id desc);
    create index exports_uncleared on exports (id) where cleared_at is null and state in ('ready', 'taken', 'failed');

    create table export_chunks (
      export_id uuid not null references exports,
      position integer not null check (position > 0),
      body bytea not null,
      primary key (export_id, position)
    );

    create function export_rows_alone(campaign text) returns bigint language sql stable as $$
      select coalesce((settings #>> array['policy', 'exportRowsAlone'])::bigint, 100) from campaigns where id = campaign
    $$;

    create function check_new_export() returns trigger language plpgsql as $$
    begin
      if new.state <> 'waiting' then
        raise exception 'an export starts by waiting' using errcode = 'UK004';
      end if;
      if new.approval_id is null and (new.kind = 'contacts' or new.rows_counted > export_rows_alone(new.campaign_id)) then
        raise exception 'export of % rows needs a second person', new.rows_counted using errcode = 'UK008';
      end if;
      return new;
    end $$;
    create trigger exports_new before insert on exports for each row execute function check_new_export();

    create function check_export_change() returns trigger language plpgsql as $$
    begin
      if (new.id, new.campaign_id, new.kind, new.rows_counted, new.requested_by, new.requested_at, new.approval_id)
        is distinct from (old.id, old.campaign_id, old.kind, old.rows_counted, old.requested_by, old.requested_at, old.approval_id)
        or (old.ready_at is not null and (new.ready_at, new.expires_at) is distinct from (old.ready_at, old.expires_at)) then
        raise exception 'an export keeps what it is' using errcode = 'UK003';
      end if;
      if new.state <> old.state and (old.state, new.state) not in (
        ('waiting', 'making'), ('making', 'ready'), ('making', 'failed'), ('ready', 'taken'), ('ready', 'gone')) then
        raise exception 'an export cannot go from % to %', old.state, new.state using errcode = 'UK004';
      end if;
      if new.state = 'making' and new.approval_id is not null
        and not exists (select 1 from approvals where id = new.approval_id and act = 'export' and state = 'approved') then
        raise exception 'nobody has approved export %', new.id using errcode = 'UK008';
      end if;
      -- What grew meanwhile beyond what one person may take alone.
      if new.state = 'ready' and new.approval_id is null and new.rows_done > export_rows_alone(new.campaign_id) then
        raise exception 'export of % rows needs a second person', new.rows_done using errcode = 'UK008';
      end if;
      return new;
    end $$;
    create trigger exports_change before update on exports for each row execute function check_export_change();
    create trigger exports_stay before delete or truncate on exports for each statement execute function refuse_change();

    grant select, insert on exports to uketori_console;
    grant update (state, rows_done, ready_at, expires_at, taken_at, cleared_at) on exports to uketori_console;
    grant select, insert, delete on export_chunks to uketori_console;
    grant execute on function export_rows_alone, check_new_export, check_export_change to uketori_console;
  `.execute(db);
}
