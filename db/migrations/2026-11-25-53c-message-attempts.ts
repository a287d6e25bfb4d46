import { type Kysely, sql } from 'kysely';

/**
 * One row for each sending of a message and what came of it. The database itself keeps them: whoever sends a message
 * anew cannot leave out that it was sent before.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table message_attempts (
      message_id uuid not null references messages,
      attempt integer not null check (attempt > 0),
      -- Which channel was asked to carry it.
      via text,
      called_at timestamptz not null,
      -- What came of it, in the words of the message; "soft_failed" also where it surely never left.
      state text not null check (state in
        ('sending', 'sent', 'accepted', 'delivered', 'soft_failed', 'hard_failed', 'unknown', 'complained')),
      reason text,
      detail text,
      reference text,
      state_at timestamptz not null,
      primary key (message_id, attempt)
    );
    create trigger message_attempts_stay before delete or truncate on message_attempts
      for each statement execute function refuse_change();

    insert into message_attempts
      select id, attempts, via, coalesce(called_at, state_at), case state when 'queued' then 'soft_failed' else state end,
          reason, detail, reference, state_at
        from messages where attempts > 0;

    create function keep_message_attempt() returns trigger language plpgsql security definer set search_path = pg_catalog, public as $$
    begin
      if new.attempts > old.attempts then
        insert into message_attempts (message_id, attempt, via, called_at, state, state_at)
          values (new.id, new.attempts, new.via, coalesce(new.called_at, new.state_at), new.state, new.state_at);
      -- What comes after a failure (it is tried anew, or taken back) is no longer about this sending.
      elsif old.attempts > 0 and old.state not in ('queued', 'soft_failed', 'hard_failed')
        and (new.state, new.reason, new.detail, new.reference) is distinct from (old.state, old.reason, old.detail, old.reference) then
        update message_attempts
          set state = case new.state when 'queued' then 'soft_failed' else new.state end,
            reason = new.reason, detail = new.detail, reference = new.reference, state_at = new.state_at
          where message_id = new.id and attempt = new.attempts;
      end if;
      return null;
    end $$;
    create trigger messages_attempts after update on messages for each row execute function keep_message_attempt();

    revoke all on function keep_message_attempt from public;
    grant execute on function keep_message_attempt to uketori_worker, uketori_console;
    grant select on message_attempts to uketori_console;
  `.execute(db);
}
