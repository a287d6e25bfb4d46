import { type Kysely, sql } from 'kysely';

/** What recipients chose, the codes that make it up, and every attempt to have one issued. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table redemptions (
      id uuid primary key,
      campaign_id text not null,
      grant_id uuid not null,
      -- One confirmation is one request; a split choice is several positions of it.
      request_key text not null check (length(request_key) between 16 and 64),
      position smallint not null check (position > 0),
      provider text not null,
      source text not null check (source in ('api', 'stock')),
      yen bigint not null check (yen > 0),
      state text not null,
      state_at timestamptz not null,
      -- The instant that decides about the deadline; a replacement keeps that of what it replaces.
      accepted_at timestamptz not null,
      created_at timestamptz not null,
      replaces_id uuid references redemptions,
      unique (grant_id, request_key, position),
      unique (id, campaign_id),
      unique (id, grant_id),
      foreign key (grant_id, campaign_id) references grants (id, campaign_id),
      foreign key (campaign_id, provider) references offers (campaign_id, provider)
    );
    create index redemptions_grant on redemptions (grant_id);
    create index redemptions_state on redemptions (campaign_id, state, state_at, id) where state not in ('issued', 'cancelled');

    -- Yen set aside or issued belong to a redemption of the same grant.
    alter table postings add foreign key (redemption_id, grant_id) references redemptions (id, grant_id);

    create table redemption_arrows (
      from_state text not null,
      to_state text not null,
      primary key (from_state, to_state)
    );
    insert into redemption_arrows values
      ('requested', 'issuing'), ('requested', 'cancelled'),
      ('issuing', 'issued'), ('issuing', 'failed'), ('issuing', 'in_doubt'),
      ('in_doubt', 'issued'), ('in_doubt', 'failed'),
      ('failed', 'issuing'), ('failed', 'cancelled'),
      ('issued', 'issuing');

    create function check_new_redemption() returns trigger language plpgsql as $$
    declare
      owed record;
      replaced record;
    begin
      select deadline_at, frozen_at, frozen_until into owed from grants where id = new.grant_id;
      if new.state <> 'requested' then
        raise exception 'a redemption starts as requested, not %', new.state using errcode = 'UK004';
      end if;
      if new.accepted_at >= owed.deadline_at then
        raise exception 'redemption dated % is not before the deadline %', new.accepted_at, owed.deadline_at using errcode = 'UK005';
      end if;
      if new.replaces_id is null then
        if new.created_at <> new.accepted_at then
          raise exception 'a redemption is accepted when it is made' using errcode = 'UK005';
        end if;
      else
        select grant_id, accepted_at, state into replaced from redemptions where id = new.replaces_id;
        if replaced.grant_id <> new.grant_id or replaced.accepted_at <> new.accepted_at
          or replaced.state not in ('cancelled', 'issued') then
          raise exception 'redemption % cannot be replaced', new.replaces_id using errcode = 'UK005';
        end if;
      end if;
      if owed.frozen_at is not null and owed.frozen_at <= new.created_at
        and (owed.frozen_until is null or new.created_at < owed.frozen_until) then
        raise exception 'grant % is frozen', new.grant_id using errcode = 'UK006';
      end if;
      return new;
    end $$;
    create trigger redemptions_new before insert on redemptions
      for each row execute function check_new_redemption();

    create function check_redemption_change() returns trigger language plpgsql as $$
    begin
      if (new.id, new.campaign_id, new.grant_id, new.request_key, new.position, new.provider, new.source, new.yen,
          new.accepted_at, new.created_at, new.replaces_id)
        is distinct from
         (old.id, old.campaign_id, old.grant_id, old.request_key, old.position, old.provider, old.source, old.yen,
          old.accepted_at, old.created_at, old.replaces_id) then
        raise exception 'only the state of a redemption may change' using errcode = 'UK003';
      end if;
      if new.state <> old.state
        and not exists (select 1 from redemption_arrows where from_state = old.state and to_state = new.state) then
        raise exception 'a redemption cannot go from % to %', old.state, new.state using errcode = 'UK004';
      end if;
      return new;
    end $$;
    create trigger redemptions_change before update on redemptions
      for each row execute function check_redemption_change();

    create table codes (
      id uuid primary key,
      redemption_id uuid not null,
      campaign_id text not null,
      position smallint not null check (position > 0),
      yen bigint not null check (yen > 0),
      -- Set when this code's yen went back to the grant.
      returned_at timestamptz,
      unique (redemption_id, position),
      foreign key (redemption_id, campaign_id) references redemptions (id, campaign_id)
    );

    -- The codes of a redemption are written by one statement and make up its amount exactly.
    create function check_codes() returns trigger language plpgsql as $$
    declare
      wrong record;
    begin
      select r.id, r.yen, sum(c.yen) as codes_yen into wrong
        from redemptions r join codes c on c.redemption_id = r.id
        where r.id in (select redemption_id from new_codes)
        group by r.id, r.yen having sum(c.yen) <> r.yen limit 1;
      if found then
        raise exception 'codes of redemption % make %, not %', wrong.id, wrong.codes_yen, wrong.yen using errcode = 'UK001';
      end if;
      return null;
    end $$;
    create trigger codes_sum after insert on codes
      referencing new table as new_codes for each statement execute function check_codes();

    create function check_code_change() returns trigger language plpgsql as $$
    begin
      if (new.id, new.redemption_id, new.campaign_id, new.position, new.yen)
        is distinct from (old.id, old.redemption_id, old.campaign_id, old.position, old.yen)
        or (old.returned_at is not null and new.returned_at is distinct from old.returned_at) then
        raise exception 'a code cannot change' using errcode = 'UK003';
      end if;
      if new.returned_at is not null and old.returned_at is null
        and exists (select 1 from issuances where code_id = new.id and state in ('open', 'unknown', 'issued')) then
        raise exception 'code % has a live attempt', new.id using errcode = 'UK004';
      end if;
      return new;
    end $$;
    create trigger codes_change before update on codes
      for each row execute function check_code_change();

    create table issuances (
      id uuid primary key,
      code_id uuid not null references codes,
      campaign_id text not null references campaigns,
      provider text not null,
      yen bigint not null check (yen > 0),
      provider_key text not null,
      state text not null check (state in ('open', 'issued', 'declined', 'unknown', 'voided')),
      -- How often the provider was asked with this key, and until when the asking worker may take.
      calls integer not null default 0 check (calls >= 0),
      leased_until timestamptz,
      called_at timestamptz,
      unknown_since timestamptz,
      unknown_at timestamptz,
      -- Set when nothing automatic is safe any more: a person settles it.
      handed_over_at timestamptz,
      cause text,
      reason text,
      detail text,
      reference text,
      digest bytea check (octet_length(digest) = 32),
      code_sealed bytea,
      code_key_id text,
      last4 text,
      management_no text,
      expires_on date,
      created_at timestamptz not null,
      settled_at timestamptz,
      unique (provider, provider_key),
      check (state not in ('issued', 'voided') or (reference is not null and digest is not null)),
      check (state <> 'declined' or reason is not null),
      check (handed_over_at is null or state <> 'open'),
      check ((code_sealed is null) = (code_key_id is null)),
      check (code_sealed is null or state in ('issued', 'voided'))
    );
    create unique index issuances_one_live_per_code on issuances (code_id) where state in ('open', 'unknown', 'issued');
    create unique index issuances_reference_once on issuances (provider, reference) where reference is not null;
    create unique index issuances_digest_once on issuances (provider, digest) where digest is not null;
    create index issuances_code on issuances (code_id);
    create index issuances_unsettled on issuances (provider, leased_until) where state in ('open', 'unknown');
    create index issuances_key on issuances (code_key_id, id) where code_key_id is not null;

    create function check_new_issuance() returns trigger language plpgsql as $$
    declare
      slot record;
    begin
      select c.yen, c.returned_at, c.campaign_id, c.redemption_id, r.provider, r.grant_id into slot
        from codes c join redemptions r on r.id = c.redemption_id where c.id = new.code_id;
      if new.state <> 'open' or slot.returned_at is not null
        or slot.yen <> new.yen or slot.provider <> new.provider or slot.campaign_id <> new.campaign_id then
        raise exception 'attempt does not fit its code' using errcode = 'UK004';
      end if;
      -- No provider is asked for yen that were not set aside.
      if new.yen > (select coalesce(sum(p.yen), 0) from postings p
          where p.grant_id = slot.grant_id and p.account = 'pending' and p.redemption_id = slot.redemption_id) then
        raise exception 'the yen of code % are not set aside', new.code_id using errcode = 'UK002';
      end if;
      return new;
    end $$;
    create trigger issuances_new before insert on issuances
      for each row execute function check_new_issuance();

    create function check_issuance_change() returns trigger language plpgsql as $$
    begin
      if (new.id, new.code_id, new.campaign_id, new.provider, new.yen, new.provider_key, new.created_at)
        is distinct from (old.id, old.code_id, old.campaign_id, old.provider, old.yen, old.provider_key, old.created_at)
        or (old.reference is not null and (new.reference, new.digest) is distinct from (old.reference, old.digest)) then
        raise exception 'an attempt keeps its key, its amount and its answer' using errcode = 'UK003';
      end if;
      if new.state <> old.state and (old.state, new.state) not in (
        ('open', 'issued'), ('open', 'declined'), ('open', 'unknown'),
        ('unknown', 'issued'), ('unknown', 'declined'), ('issued', 'voided')) then
        raise exception 'an attempt cannot go from % to %', old.state, new.state using errcode = 'UK004';
      end if;
      return new;
    end $$;
    create trigger issuances_change before update on issuances
      for each row execute function check_issuance_change();

    -- What was chosen, made up and asked for is the proof behind the ledger: it stays.
    create trigger redemptions_stay before delete or truncate on redemptions for each statement execute function refuse_change();
    create trigger codes_stay before delete or truncate on codes for each statement execute function refuse_change();
    create trigger issuances_stay before delete or truncate on issuances for each statement execute function refuse_change();
  `.execute(db);
}
