import { type Kysely, sql } from 'kysely';

/**
 * A report says of which sending of a mail it speaks, as far as the mail bore it. And what waits for another try after
 * a failure may turn out to have arrived, or never to be going to: it is not sent again then, and the sending it is
 * about has ended so.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table message_reports add column attempt integer check (attempt > 0);

    create or replace function check_message_change() returns trigger language plpgsql as $$
    declare
      sends boolean := old.state <> 'sending' and new.state = 'sending';
    begin
      if (new.id, new.campaign_id, new.grant_id, new.purpose, new.channel, new.address_mask, new.language, new.link_generation,
          new.yen, new.actor, new.queued_at)
        is distinct from (old.id, old.campaign_id, old.grant_id, old.purpose, old.channel, old.address_mask, old.language,
          old.link_generation, old.yen, old.actor, old.queued_at)
        or (old.reference is not null and not sends and new.reference is distinct from old.reference) then
        raise exception 'a message keeps what it is' using errcode = 'UK003';
      end if;
      if sends and new.reference is not null then
        raise exception 'a sending starts without the name of another' using errcode = 'UK004';
      end if;
      -- From "unknown" nothing leads to a second sending: only what was found out does.
      if new.state <> old.state and (old.state, new.state) not in (
        ('queued', 'sending'), ('queued', 'hard_failed'),
        ('sending', 'queued'), ('sending', 'sent'), ('sending', 'accepted'), ('sending', 'delivered'),
        ('sending', 'soft_failed'), ('sending', 'hard_failed'), ('sending', 'unknown'),
        ('soft_failed', 'sending'), ('soft_failed', 'hard_failed'),
        -- A late report: it arrived after all.
        ('soft_failed', 'delivered'), ('soft_failed', 'complained'),
        ('unknown', 'sent'), ('unknown', 'accepted'), ('unknown', 'delivered'), ('unknown', 'soft_failed'), ('unknown', 'hard_failed'),
        ('sent', 'accepted'), ('sent', 'delivered'), ('sent', 'soft_failed'), ('sent', 'hard_failed'),
        ('accepted', 'delivered'), ('accepted', 'soft_failed'), ('accepted', 'hard_failed'),
        -- Who complains has the message.
        ('unknown', 'complained'), ('sent', 'complained'), ('accepted', 'complained'), ('delivered', 'complained')) then
        raise exception 'a message cannot go from % to %', old.state, new.state using errcode = 'UK004';
      end if;
      if new.attempts not in (old.attempts, old.attempts + 1) or sends <> (new.attempts = old.attempts + 1) then
        raise exception 'each sending is counted once' using errcode = 'UK004';
      end if;
      return new;
    end $$;

    create or replace function keep_message_attempt() returns trigger language plpgsql security definer set search_path = pg_catalog, public as $$
    begin
      if new.attempts > old.attempts then
        insert into message_attempts (message_id, attempt, via, called_at, state, state_at)
          values (new.id, new.attempts, new.via, coalesce(new.called_at, new.state_at), new.state, new.state_at);
      -- What comes after a failure (it is tried anew, or taken back) is no longer about this sending, but for reports on it.
      elsif old.attempts > 0 and (old.state not in ('queued', 'soft_failed', 'hard_failed')
          or (old.state = 'soft_failed' and new.state in ('delivered', 'complained', 'hard_failed') and new.reason is distinct from 'outdated'))
        and (new.state, new.reason, new.detail, new.reference) is distinct from (old.state, old.reason, old.detail, old.reference) then
        update message_attempts
          set state = case new.state when 'queued' then 'soft_failed' else new.state end,
            reason = new.reason, detail = new.detail, reference = new.reference, state_at = new.state_at
          where message_id = new.id and attempt = new.attempts;
      end if;
      return null;
    end $$;
  `.execute(db);
}
