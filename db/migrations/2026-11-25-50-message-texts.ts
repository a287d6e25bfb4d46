import { type Kysely, sql } from 'kysely';

/** Texts of messages as offices write them, in versions that stay; tests of them; and a notice that a code could not be issued. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table message_texts (
      campaign_id text not null references campaigns,
      purpose text not null,
      channel text not null check (channel in ('mail', 'sms')),
      language text not null check (language in ('ja', 'en')),
      version integer not null check (version between 1 and 9999),
      subject text check (length(subject) between 1 and 200 and subject !~ '[[:cntrl:]]'),
      -- Null: the portal's own text holds again.
      body text check (length(body) between 1 and 4000),
      made_by text not null,
      made_at timestamptz not null,
      primary key (campaign_id, purpose, channel, language, version),
      check ((subject is not null) = (body is not null and channel = 'mail'))
    );
    -- Versions follow each other: of two who save at once, one is refused.
    create function check_message_text() returns trigger language plpgsql as $$
    begin
      if new.version <> 1 + coalesce((select max(version) from message_texts
          where (campaign_id, purpose, channel, language) = (new.campaign_id, new.purpose, new.channel, new.language)), 0) then
        raise exception 'a text follows the version before it' using errcode = 'UK004';
      end if;
      return new;
    end $$;
    create trigger message_texts_new before insert on message_texts for each row execute function check_message_text();
    create trigger message_texts_stay before update or delete or truncate on message_texts for each statement execute function refuse_change();

    -- A text as it would arrive, sent to whoever writes it. No person's data are in it.
    create table text_tests (
      id uuid primary key,
      campaign_id text not null references campaigns,
      staff_id uuid not null references staff,
      purpose text not null,
      channel text not null check (channel in ('mail', 'sms')),
      language text not null check (language in ('ja', 'en')),
      subject text check (length(subject) <= 200),
      body text check (length(body) <= 4000),
      address_sealed bytea not null check (octet_length(address_sealed) > 28),
      address_key_id text not null,
      address_mask text not null,
      state text not null check (state in ('queued', 'sending', 'sent', 'failed', 'unknown')),
      reason text check (reason ~ '^[a-z_]{1,40}$'),
      queued_at timestamptz not null,
      state_at timestamptz not null
    );
    create index text_tests_staff on text_tests (staff_id, queued_at);
    create index text_tests_key on text_tests (address_key_id, id);
    create function check_text_test() returns trigger language plpgsql as $$
    begin
      if new.state <> old.state and (old.state, new.state) not in (('queued', 'sending'), ('sending', 'sent'), ('sending', 'failed'), ('sending', 'unknown')) then
        raise exception 'a test cannot go from % to %', old.state, new.state using errcode = 'UK004';
      end if;
      return new;
    end $$;
    create trigger text_tests_change before update on text_tests for each row execute function check_text_test();
    create trigger text_tests_stay before delete or truncate on text_tests for each statement execute function refuse_change();

    alter table messages drop constraint messages_purpose_check;
    alter table messages add constraint messages_purpose_check check (purpose in
      ('resend', 'address_changed_old', 'address_changed_new', 'code_ready', 'code_failed', 'reissued', 'deadline_extended',
       'invitation', 'reminder'));
    alter table messages drop constraint messages_template_check;
    alter table messages add constraint messages_template_check check (template ~ '^[a-z_]{1,30}/(own-)?[0-9]{1,4}$');

    -- One notice for each redemption that failed.
    create table failure_notices (
      redemption_id uuid primary key references redemptions,
      -- Null: there was nowhere to send it.
      message_id uuid references messages,
      at timestamptz not null
    );
    create trigger failure_notices_stay before update or delete or truncate on failure_notices for each statement execute function refuse_change();

    revoke all on function check_message_text, check_text_test from public;
    grant execute on function check_message_text, check_text_test to uketori_console, uketori_worker;
    grant select, insert on message_texts, text_tests, failure_notices to uketori_console;
    grant select on message_texts, text_tests to uketori_worker;
    grant update (state, reason, state_at) on text_tests to uketori_worker;
  `.execute(db);
}
