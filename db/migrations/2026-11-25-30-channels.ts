import { type Kysely, sql } from 'kysely';

/**
 * What comes back about messages: complaints, bounces that are believed once each, the pace of a channel over all
 * workers, and what the web's role may do about it (keep a report of a message that exists; nothing else).
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table messages drop constraint messages_state_check;
    alter table messages add constraint messages_state_check check (state in
      ('queued', 'sending', 'sent', 'accepted', 'delivered', 'soft_failed', 'hard_failed', 'unknown', 'complained'));

    create or replace function check_message_change() returns trigger language plpgsql as $$
    begin
      if (new.id, new.campaign_id, new.grant_id, new.purpose, new.channel, new.address_mask, new.language, new.link_generation,
          new.yen, new.actor, new.queued_at)
        is distinct from (old.id, old.campaign_id, old.grant_id, old.purpose, old.channel, old.address_mask, old.language,
          old.link_generation, old.yen, old.actor, old.queued_at)
        or (old.reference is not null and new.reference is distinct from old.reference) then
        raise exception 'a message keeps what it is' using errcode = 'UK003';
      end if;
      -- From "unknown" nothing leads to a second sending: only what was found out does.
      if new.state <> old.state and (old.state, new.state) not in (
        ('queued', 'sending'), ('queued', 'hard_failed'),
        ('sending', 'queued'), ('sending', 'sent'), ('sending', 'accepted'), ('sending', 'delivered'),
        ('sending', 'soft_failed'), ('sending', 'hard_failed'), ('sending', 'unknown'),
        ('soft_failed', 'sending'), ('soft_failed', 'hard_failed'),
        ('unknown', 'sent'), ('unknown', 'accepted'), ('unknown', 'delivered'), ('unknown', 'soft_failed'), ('unknown', 'hard_failed'),
        ('sent', 'accepted'), ('sent', 'delivered'), ('sent', 'soft_failed'), ('sent', 'hard_failed'),
        ('accepted', 'delivered'), ('accepted', 'soft_failed'), ('accepted', 'hard_failed'),
        -- Who complains has the message.
        ('unknown', 'complained'), ('sent', 'complained'), ('accepted', 'complained'), ('delivered', 'complained')) then
        raise exception 'a message cannot go from % to %', old.state, new.state using errcode = 'UK004';
      end if;
      if new.attempts not in (old.attempts, old.attempts + 1) or (old.state <> 'sending' and new.state = 'sending')
        <> (new.attempts = old.attempts + 1) then
        raise exception 'each sending is counted once' using errcode = 'UK004';
      end if;
      return new;
    end $$;
    create index messages_complained on messages (campaign_id, state_at) where state = 'complained';

    -- Bounces and complaints as they came, each kept once by the digest of its bytes. They never touch yen.
    create table message_reports (
      id uuid primary key,
      message_id uuid not null references messages,
      digest bytea not null unique check (octet_length(digest) = 32),
      kind text not null check (kind in ('failed', 'delivered', 'complained')),
      reason text check (reason in ('unknown_address', 'bad_address', 'blocked', 'mailbox_full', 'busy', 'unreachable', 'rejected')),
      detail text check (detail ~ '^[A-Za-z0-9][A-Za-z0-9 ._:-]{0,59}$'),
      actor text not null,
      at timestamptz not null,
      check ((kind = 'failed') = (reason is not null))
    );
    create index message_reports_message on message_reports (message_id);
    create trigger message_reports_stay before update or delete or truncate on message_reports
      for each statement execute function refuse_change();

    -- When the next message may go out by a channel.
    create table channel_paces (channel text primary key, next_at timestamptz not null);

    grant select (id) on messages to uketori_web;
    grant select, insert on message_reports to uketori_web;
    grant select on message_reports to uketori_worker, uketori_console;
    grant select, insert, update on channel_paces to uketori_worker;
  `.execute(db);
}
