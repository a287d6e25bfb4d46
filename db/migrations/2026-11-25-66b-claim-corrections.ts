import { type Kysely, sql } from 'kysely';

/**
 * What staff put right in a claim, each time on the record: a mail address that was mistyped and is not proven yet, and an
 * inquiry number that was. A no to a claim whose address was never proven can be taken back like any other.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    insert into claim_arrows values ('refused', 'received');

    create table claim_corrections (
      id uuid primary key,
      claim_id uuid not null,
      campaign_id text not null,
      -- proof: the link that proves the address was sent once more.
      what text not null check (what in ('mail', 'proof', 'number')),
      -- Inquiry numbers only; null: it was taken out of the claim. Addresses stay sealed in the claim.
      was text,
      became text,
      reason text not null check (length(reason) between 1 and 40),
      staff_id uuid not null references staff,
      at timestamptz not null,
      foreign key (claim_id, campaign_id) references claims (id, campaign_id),
      check ((what = 'number') = (was is not null)),
      check (what = 'number' or became is null)
    );
    create index claim_corrections_claim on claim_corrections (claim_id, at);
    create trigger claim_corrections_append_only before update or delete or truncate on claim_corrections
      for each statement execute function refuse_change();
    alter table claim_corrections enable row level security;
    create policy for_everybody on claim_corrections to uketori_web, uketori_worker using (true) with check (true);
    create policy own_campaigns on claim_corrections to uketori_console
      using (coalesce(nullif(current_setting('uketori.campaigns', true), ''), '*') = '*'
        or campaign_id = any(string_to_array(current_setting('uketori.campaigns', true), ' ')))
      with check (coalesce(nullif(current_setting('uketori.campaigns', true), ''), '*') = '*'
        or campaign_id = any(string_to_array(current_setting('uketori.campaigns', true), ' ')));

    -- A link that went to a mistyped address proves nothing any more.
    alter table claims add column link_generation smallint not null default 1;

    create or replace function check_claim_proof() returns trigger language plpgsql as $$
    begin
      -- The address of a refused claim may be proven as well; it stays refused until a person looks again.
      if current_user = 'uketori_web' and not (old.mail_proven_at is null and new.mail_proven_at is not null
          and (old.state, new.state) in (('received', 'checking'), ('refused', 'refused'))) then
        raise exception 'the web role decides about no claim' using errcode = '42501';
      end if;
      if current_user = 'uketori_console' and ((new.grant_id, new.approval_id) is distinct from (old.grant_id, old.approval_id)
          or (new.state = 'approved' and old.state <> 'approved')) then
        raise exception 'a claim is approved by two people' using errcode = 'UK008';
      end if;
      if current_user = 'uketori_console' and new.mail_proven_at is distinct from old.mail_proven_at then
        raise exception 'an address is proven by its applicant' using errcode = '42501';
      end if;
      if new.link_generation <> old.link_generation
          and (new.link_generation <> old.link_generation + 1 or old.mail_proven_at is not null) then
        raise exception 'the address of a claim was proven' using errcode = 'UK003';
      end if;
      if current_user = 'uketori_console' and new.details_sealed is distinct from old.details_sealed
          and new.link_generation = old.link_generation then
        raise exception 'another address needs another link' using errcode = 'UK003';
      end if;
      return new;
    end $$;

    -- A number of a claim changes or goes only with its correction on the record, and never once it is granted.
    create function check_claim_number() returns trigger language plpgsql as $$
    declare
      becomes text := case when tg_op = 'UPDATE' then new.inquiry_number end;
    begin
      if tg_op = 'UPDATE' and (new.claim_id, new.campaign_id, new.position) is distinct from (old.claim_id, old.campaign_id, old.position) then
        raise exception 'a coupon stays in its claim' using errcode = 'UK003';
      end if;
      if becomes is distinct from old.inquiry_number and (old.coupon_id is not null
          or exists (select 1 from claims c where c.id = old.claim_id and c.grant_id is not null)
          or not exists (select 1 from claim_corrections k where k.claim_id = old.claim_id and k.what = 'number'
            and k.was = old.inquiry_number and k.became is not distinct from becomes)) then
        raise exception 'a number of a claim changes by a correction on the record' using errcode = 'UK003';
      end if;
      return coalesce(new, old);
    end $$;
    drop trigger claim_coupons_stay on claim_coupons;
    create trigger claim_coupons_stay before truncate on claim_coupons for each statement execute function refuse_change();
    create trigger claim_coupons_change before update or delete on claim_coupons for each row execute function check_claim_number();

    create or replace function check_claim_mail() returns trigger language plpgsql as $$
    begin
      if (new.id, new.claim_id, new.purpose, new.queued_at) is distinct from (old.id, old.claim_id, old.purpose, old.queued_at) then
        raise exception 'a mail keeps what it is for' using errcode = 'UK003';
      end if;
      -- What may have gone out is not sent a second time; what waits can be given up.
      if new.state <> old.state and (old.state, new.state) not in (
        ('queued', 'sending'), ('queued', 'failed'), ('sending', 'queued'), ('sending', 'sent'), ('sending', 'failed'), ('sending', 'unknown')) then
        raise exception 'a mail cannot go from % to %', old.state, new.state using errcode = 'UK004';
      end if;
      return new;
    end $$;

    revoke all on function check_claim_number from public;
    grant execute on function check_claim_number to uketori_console;
    grant select, insert on claim_corrections to uketori_console;
    grant select (claim_id, what, at) on claim_corrections to uketori_web;
    grant update (inquiry_number), delete on claim_coupons to uketori_console;
    grant update (details_sealed, details_key_id, index_key_id, name_index, phone_index, mail_index, address_index, link_key_id, link_generation)
      on claims to uketori_console;
    grant insert, update (state, state_at) on claim_mails to uketori_console;
    grant select (link_generation) on claims to uketori_web, uketori_worker;
  `.execute(db);
}
