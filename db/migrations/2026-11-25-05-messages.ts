import { type Kysely, sql } from 'kysely';

/** Messages to recipients, what the demo's channel keeps of them, and that links were opened. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table messages (
      id uuid primary key,
      campaign_id text not null,
      grant_id uuid not null,
      purpose text not null check (purpose in
        ('resend', 'address_changed_old', 'address_changed_new', 'code_ready', 'reissued', 'deadline_extended')),
      channel text not null check (channel in ('mail', 'sms')),
      -- Address and name as one sealed JSON object, bound to this row; the digest is the one of the search indexes.
      address_sealed bytea not null check (octet_length(address_sealed) > 28),
      address_key_id text not null,
      address_digest bytea not null check (octet_length(address_digest) = 16),
      index_key_id text not null,
      address_mask text not null,
      language text not null check (language in ('ja', 'en')),
      -- Which text, and which version of it.
      template text not null check (template ~ '^[a-z_]{1,30}/[0-9]{1,4}$'),
      -- The link it bears; null: none. The link itself is derived when it is sent.
      link_generation integer check (link_generation > 0),
      -- The yen it names; null: the residual at that moment.
      yen bigint check (yen > 0),
      actor text not null,
      state text not null check (state in
        ('queued', 'sending', 'sent', 'accepted', 'delivered', 'soft_failed', 'hard_failed', 'unknown')),
      reason text check (reason in (
        'no_channel', 'never_sent', 'outdated', 'gave_up', 'worker_lost', 'timeout', 'connection_lost', 'unlisted', 'aborted', 'looked_up',
        'unknown_address', 'bad_address', 'blocked', 'mailbox_full', 'busy', 'unreachable', 'sender_refused', 'rejected')),
      -- The channel's own code, for operators.
      detail text check (detail ~ '^[A-Za-z0-9][A-Za-z0-9 ._:-]{0,59}$'),
      attempts integer not null default 0 check (attempts >= 0),
      leased_until timestamptz,
      -- Which channel took it, and what it calls it.
      via text check (via ~ '^[a-z][a-z0-9-]{0,29}$'),
      reference text check (reference ~ '^[A-Za-z0-9._-]{1,120}$'),
      queued_at timestamptz not null,
      called_at timestamptz,
      -- When it is tried again; null: by the sweep at once, or never.
      due_at timestamptz,
      state_at timestamptz not null,
      unique (id, grant_id),
      foreign key (grant_id, campaign_id) references grants (id, campaign_id),
      -- No address in clear.
      check (case channel when 'mail' then address_mask ~ '^.?[*]{3}(@.+)?$' else address_mask ~ '^[0-9]{3}-[*]{3,4}-[0-9]{4}$' end),
      check ((state = 'sending') <= (leased_until is not null)),
      check ((purpose = 'address_changed_old') = (link_generation is null)),
      check (state not in ('soft_failed', 'hard_failed', 'unknown') or reason is not null)
    );
    create index messages_grant on messages (grant_id, queued_at);
    create index messages_address on messages (address_digest, queued_at);
    create index messages_open on messages (state, state_at) where state in ('queued', 'sending', 'soft_failed', 'unknown');
    create index messages_key on messages (address_key_id, id);

    create function check_new_message() returns trigger language plpgsql as $$
    begin
      if new.state <> 'queued' or new.attempts <> 0 or new.leased_until is not null or new.reference is not null then
        raise exception 'a message starts in the queue' using errcode = 'UK004';
      end if;
      return new;
    end $$;
    create trigger messages_new before insert on messages for each row execute function check_new_message();

    create function check_message_change() returns trigger language plpgsql as $$
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
        ('accepted', 'delivered'), ('accepted', 'soft_failed'), ('accepted', 'hard_failed')) then
        raise exception 'a message cannot go from % to %', old.state, new.state using errcode = 'UK004';
      end if;
      if new.attempts not in (old.attempts, old.attempts + 1) or (old.state <> 'sending' and new.state = 'sending')
        <> (new.attempts = old.attempts + 1) then
        raise exception 'each sending is counted once' using errcode = 'UK004';
      end if;
      return new;
    end $$;
    create trigger messages_change before update on messages for each row execute function check_message_change();
    create trigger messages_stay before delete or truncate on messages for each statement execute function refuse_change();

    -- Filled only by the demo's channel: what was sent, to be shown as the phone or the mail program would show it.
    create table outbox (
      message_id uuid primary key references messages,
      content_sealed bytea not null check (octet_length(content_sealed) > 28),
      content_key_id text not null,
      at timestamptz not null
    );
    create index outbox_at on outbox (at, message_id);

    -- Statistics: that a link was opened, and whether somebody then did something. Nothing else depends on them.
    create table link_opens (
      id uuid primary key,
      grant_id uuid not null references grants,
      -- Keyed tag of the recipient's session.
      session_tag text not null unique check (session_tag ~ '^[A-Za-z0-9_-]{22}$'),
      client text not null check (client in ('bot', 'phone', 'computer', 'other')),
      opened_at timestamptz not null,
      acted_at timestamptz,
      check (acted_at >= opened_at)
    );
    create index link_opens_grant on link_opens (grant_id, opened_at);

    grant execute on function check_new_message, check_message_change to uketori_console, uketori_worker;
    grant select, insert on messages to uketori_console;
    grant select on messages to uketori_worker;
    grant update (state, reason, detail, attempts, leased_until, via, reference, template, called_at, due_at, state_at)
      on messages to uketori_worker;
    grant select, insert on outbox to uketori_worker;
    grant select on outbox to uketori_web;
    grant insert, update (acted_at) on link_opens to uketori_web;
    grant select (session_tag, opened_at, acted_at) on link_opens to uketori_web;
    grant select on link_opens to uketori_console;
  `.execute(db);
}
