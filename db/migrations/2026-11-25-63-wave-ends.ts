import { type Kysely, sql } from 'kysely';

/**
 * How waves end so that nobody is left out unseen: `over` when the days end before the people do, `done` only until
 * somebody new comes, and what a stopped wave had in its queue is taken back at once.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table waves drop constraint waves_state_check;
    alter table waves add constraint waves_state_check check (state in ('planned', 'running', 'paused', 'stopped', 'done', 'over'));
    alter table waves drop constraint waves_waits_for_check;
    alter table waves add constraint waves_waits_for_check check (waits_for in ('hours', 'pace', 'backlog', 'issuing', 'others'));

    create or replace function check_wave_change() returns trigger language plpgsql as $$
    begin
      if (new.id, new.campaign_id, new.number, new.sending_group, new.purpose, new.from_on, new.until_on, new.first_hour, new.end_hour,
          new.per_hour, new.domain_per_hour, new.warm_up, new.made_by, new.made_at)
        is distinct from (old.id, old.campaign_id, old.number, old.sending_group, old.purpose, old.from_on, old.until_on, old.first_hour,
          old.end_hour, old.per_hour, old.domain_per_hour, old.warm_up, old.made_by, old.made_at) then
        raise exception 'a wave keeps what was planned' using errcode = 'UK003';
      end if;
      -- Stopped is for good. Done goes on when somebody new has come.
      if new.state <> old.state and (old.state, new.state) not in (
        ('planned', 'running'), ('planned', 'stopped'), ('running', 'paused'), ('running', 'stopped'), ('running', 'done'),
        ('running', 'over'), ('paused', 'running'), ('paused', 'stopped'), ('paused', 'over'), ('done', 'running'),
        ('done', 'stopped'), ('over', 'stopped')) then
        raise exception 'a wave cannot go from % to %', old.state, new.state using errcode = 'UK004';
      end if;
      return new;
    end $$;

    -- Takes back what waits in the queue of a wave that has ended. What a lost worker may have sent is left alone.
    create function take_back_messages(ended_wave uuid, at timestamptz)
        returns integer language plpgsql security definer set search_path = pg_catalog, public as $$
    declare
      taken integer;
    begin
      update messages m set state = 'hard_failed', reason = 'outdated', due_at = null, state_at = at
        where m.wave_id = ended_wave and m.state in ('queued', 'soft_failed') and m.reason is distinct from 'worker_lost'
          and exists (select 1 from waves w where w.id = ended_wave and w.state in ('stopped', 'over'));
      get diagnostics taken = row_count;
      return taken;
    end $$;
    revoke all on function take_back_messages from public;
    grant execute on function take_back_messages to uketori_console;

    -- A message that followed one that failed may be taken back itself; then another may follow.
    alter table fallovers drop constraint fallovers_pkey;
    alter table fallovers add constraint fallovers_once unique nulls not distinct (message_id, next_message_id);

    -- The link of a changed address is handed on as well.
    drop index messages_falling_over;
    create index messages_falling_over on messages (state_at) where state = 'hard_failed'
      and purpose in ('resend', 'code_ready', 'code_failed', 'reissued', 'deadline_extended', 'address_changed_new');
  `.execute(db);
}
