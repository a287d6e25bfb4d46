import { type Kysely, sql } from 'kysely';

/**
 * Claims (申請) of people whom the app cannot reach: what they said, sealed; which coupons they name; and drafts, so that
 * nothing typed is lost. A claim goes by its arrows only, and a coupon stands in one approved claim at most.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table claim_arrows (
      from_state text not null,
      to_state text not null,
      primary key (from_state, to_state)
    );
    insert into claim_arrows values
      ('received', 'checking'), ('received', 'refused'),
      ('checking', 'more_needed'), ('checking', 'approved'), ('checking', 'refused'),
      ('more_needed', 'checking'), ('more_needed', 'refused'),
      ('approved', 'sent'), ('sent', 'collected'),
      ('refused', 'checking');

    create table claims (
      id uuid primary key,
      campaign_id text not null references campaigns,
      -- The reference number: nine digits and one that checks them.
      number text not null unique check (number ~ '^[1-9][0-9]{9}$'),
      state text not null,
      state_at timestamptz not null,
      -- Why it was refused, or what is asked for.
      reason text check (length(reason) <= 40),
      -- Name, kana, address, telephone, mail and inquiry numbers as one sealed JSON object, bound to this row.
      details_sealed bytea not null,
      details_key_id text not null,
      index_key_id text not null,
      name_index bytea not null,
      phone_index bytea not null,
      mail_index bytea not null,
      address_index bytea not null,
      language text not null check (language in ('ja', 'en')),
      -- A form that was sent twice makes one claim.
      request_key text not null check (length(request_key) between 20 and 60),
      -- Keyed tags for whoever reviews; never an address or a device itself.
      origin_tag text not null,
      device_tag text not null,
      mail_proven_at timestamptz,
      grant_id uuid unique,
      approval_id uuid references approvals,
      received_at timestamptz not null,
      lock_token smallint,
      unique (id, campaign_id),
      unique (campaign_id, request_key),
      foreign key (grant_id, campaign_id) references grants (id, campaign_id),
      check (state <> 'refused' or reason is not null),
      check ((state in ('approved', 'sent', 'collected')) = (grant_id is not null)),
      -- What is looked at further has an address that was proven.
      check (state in ('received', 'refused') or mail_proven_at is not null)
    );
    create index claims_queue on claims (campaign_id, state, received_at, id);
    create index claims_phone on claims (phone_index);
    create index claims_mail on claims (mail_index);
    create index claims_name on claims (name_index);
    create index claims_address on claims (campaign_id, address_index);
    create index claims_origin on claims (campaign_id, origin_tag);
    create index claims_device on claims (campaign_id, device_tag);
    create index claims_details_key on claims (details_key_id, id);

    create table claim_coupons (
      claim_id uuid not null,
      campaign_id text not null,
      position smallint not null check (position between 1 and 20),
      inquiry_number text not null,
      -- Set when the claim is approved, with the coupon of the register that is paid.
      coupon_id uuid,
      primary key (claim_id, position),
      unique (claim_id, inquiry_number),
      foreign key (claim_id, campaign_id) references claims (id, campaign_id),
      foreign key (coupon_id, campaign_id) references coupons (id, campaign_id)
    );
    -- An inquiry number is compared in capitals and without hyphens.
    create index coupons_plain_number on coupons (upper(replace(inquiry_number, '-', '')));
    create index claim_coupons_number on claim_coupons (campaign_id, inquiry_number);
    -- One coupon, one payment: whatever two reviewers do at the same moment.
    create unique index claim_coupons_one_payment on claim_coupons (coupon_id) where coupon_id is not null;

    create table claim_drafts (
      -- The digest of the secret in the applicant's browser.
      digest bytea primary key check (octet_length(digest) = 32),
      campaign_id text not null references campaigns,
      -- The row's name for the seal.
      id uuid not null unique,
      typed_sealed bytea not null,
      typed_key_id text not null,
      begun_at timestamptz not null,
      saved_at timestamptz not null
    );
    create index claim_drafts_saved on claim_drafts (saved_at);

    create function check_new_claim() returns trigger language plpgsql as $$
    begin
      if new.state <> 'received' then
        raise exception 'a claim starts as received, not %', new.state using errcode = 'UK004';
      end if;
      return new;
    end $$;
    create trigger claims_new before insert on claims for each row execute function check_new_claim();

    create function check_claim_change() returns trigger language plpgsql as $$
    begin
      if (new.id, new.campaign_id, new.number, new.request_key, new.received_at, new.language, new.origin_tag, new.device_tag)
        is distinct from (old.id, old.campaign_id, old.number, old.request_key, old.received_at, old.language, old.origin_tag, old.device_tag) then
        raise exception 'a claim keeps what it was sent with' using errcode = 'UK003';
      end if;
      if old.grant_id is not null and new.grant_id is distinct from old.grant_id
        or old.mail_proven_at is not null and new.mail_proven_at is distinct from old.mail_proven_at then
        raise exception 'what was proven or granted stays' using errcode = 'UK003';
      end if;
      if new.state <> old.state
        and not exists (select 1 from claim_arrows where from_state = old.state and to_state = new.state) then
        raise exception 'a claim cannot go from % to %', old.state, new.state using errcode = 'UK004';
      end if;
      return new;
    end $$;
    create trigger claims_change before update on claims for each row execute function check_claim_change();
    create trigger claims_stay before delete or truncate on claims for each statement execute function refuse_change();
    create trigger claim_coupons_stay before delete or truncate on claim_coupons for each statement execute function refuse_change();

    revoke all on function check_new_claim, check_claim_change from public;
    grant execute on function check_new_claim, check_claim_change to uketori_web, uketori_console;
    grant select on claim_arrows to uketori_web, uketori_console;
    -- The web role takes claims and knows their states; what was said is sealed once and never read back by it.
    grant insert on claims, claim_coupons to uketori_web;
    grant select (id, campaign_id, number, state, state_at, reason, phone_index, mail_index, request_key, mail_proven_at, grant_id, received_at)
      on claims to uketori_web;
    grant select, insert, update, delete on claim_drafts to uketori_web;
    grant select on claims, claim_coupons to uketori_console;
  `.execute(db);
}
