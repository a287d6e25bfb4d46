import { type Kysely, sql } from 'kysely';

/** Mails to applicants: the link that proves an address, and a lost reference number. They have no grant yet. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    -- The key that the proving link is derived with.
    alter table claims add column link_key_id text;

    create table claim_mails (
      id uuid primary key,
      claim_id uuid not null references claims,
      purpose text not null check (purpose in ('prove', 'number')),
      -- The address, sealed for this row.
      address_sealed bytea not null check (octet_length(address_sealed) > 28),
      address_key_id text not null,
      state text not null check (state in ('queued', 'sending', 'sent', 'failed', 'unknown')),
      attempts smallint not null default 0,
      queued_at timestamptz not null,
      state_at timestamptz not null
    );
    create index claim_mails_claim on claim_mails (claim_id, queued_at);
    -- Pressing again sends no second mail while one waits.
    create unique index claim_mails_one_waiting on claim_mails (claim_id, purpose) where state in ('queued', 'sending');

    create function check_claim_mail() returns trigger language plpgsql as $$
    begin
      if (new.id, new.claim_id, new.purpose, new.queued_at) is distinct from (old.id, old.claim_id, old.purpose, old.queued_at) then
        raise exception 'a mail keeps what it is for' using errcode = 'UK003';
      end if;
      -- What may have gone out is not sent a second time.
      if new.state <> old.state and (old.state, new.state) not in (
        ('queued', 'sending'), ('sending', 'queued'), ('sending', 'sent'), ('sending', 'failed'), ('sending', 'unknown')) then
        raise exception 'a mail cannot go from % to %', old.state, new.state using errcode = 'UK004';
      end if;
      return new;
    end $$;
    create trigger claim_mails_change before update on claim_mails for each row execute function check_claim_mail();
    create trigger claim_mails_stay before delete or truncate on claim_mails for each statement execute function refuse_change();

    -- The public pages may only let a claim go on whose address was proven; nothing else about it.
    create function check_claim_proof() returns trigger language plpgsql as $$
    begin
      if current_user = 'uketori_web' and not (old.state = 'received' and new.state = 'checking' and old.mail_proven_at is null) then
        raise exception 'the web role decides about no claim' using errcode = '42501';
      end if;
      return new;
    end $$;
    create trigger claims_proof before update on claims for each row execute function check_claim_proof();

    -- The outbox of rehearsals shows these mails as well.
    alter table outbox drop constraint outbox_message_id_fkey;

    revoke all on function check_claim_mail, check_claim_proof from public;
    grant execute on function check_claim_mail, check_claim_proof to uketori_web, uketori_worker, uketori_console;
    grant select (link_key_id) on claims to uketori_web;
    grant update (state, state_at, mail_proven_at) on claims to uketori_web;
    grant insert on claim_mails to uketori_web;
    grant select (claim_id, purpose, state) on claim_mails to uketori_web;
    grant select (id, campaign_id, number, language, link_key_id) on claims to uketori_worker;
    grant select on claim_mails to uketori_worker;
    grant update (state, state_at, attempts) on claim_mails to uketori_worker;
    grant select on claim_mails to uketori_console;
  `.execute(db);
}
