import { type Kysely, sql } from 'kysely';

/**
 * The review of claims: what one proposal approves, and the one way in which an approved claim becomes a grant. The
 * console's role may not touch the fund; it calls `grant_claim`, which looks at everything once more.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table approval_claims (
      approval_id uuid not null,
      claim_id uuid not null,
      campaign_id text not null,
      yen bigint not null check (yen > 0),
      state text not null default 'waiting' check (state in ('waiting', 'done', 'skipped')),
      -- Why it was skipped.
      outcome text,
      at timestamptz,
      primary key (approval_id, claim_id),
      foreign key (approval_id, campaign_id) references approvals (id, campaign_id),
      foreign key (claim_id, campaign_id) references claims (id, campaign_id),
      check ((state = 'waiting') = (at is null))
    );
    create index approval_claims_claim on approval_claims (claim_id);
    create function check_approval_claim() returns trigger language plpgsql as $$
    begin
      if tg_op = 'INSERT' then
        if new.state <> 'waiting' or not exists (select 1 from approvals a where a.id = new.approval_id and a.state = 'proposed' and a.act = 'approve_claims') then
          raise exception 'a claim joins a proposal that is still open' using errcode = 'UK008';
        end if;
      elsif old.state <> 'waiting' or (new.approval_id, new.claim_id, new.campaign_id, new.yen)
          is distinct from (old.approval_id, old.claim_id, old.campaign_id, old.yen) then
        raise exception 'a claim is decided once' using errcode = 'UK003';
      end if;
      return new;
    end $$;
    create trigger approval_claims_change before insert or update on approval_claims for each row execute function check_approval_claim();
    create trigger approval_claims_stay before delete or truncate on approval_claims for each statement execute function refuse_change();

    -- The console leads a claim on, but approves none by itself.
    create or replace function check_claim_proof() returns trigger language plpgsql as $$
    begin
      if current_user = 'uketori_web' and not (old.state = 'received' and new.state = 'checking' and old.mail_proven_at is null) then
        raise exception 'the web role decides about no claim' using errcode = '42501';
      end if;
      if current_user = 'uketori_console' and ((new.grant_id, new.approval_id) is distinct from (old.grant_id, old.approval_id)
          or (new.state = 'approved' and old.state <> 'approved')) then
        raise exception 'a claim is approved by two people' using errcode = 'UK008';
      end if;
      return new;
    end $$;

    -- Makes the grant of one claim of an approved proposal: for exactly what the cut-off took from its coupons, which
    -- wait for a claim and were granted to nobody. Everything is checked behind the locks of the claim and its coupons.
    create function grant_claim(wanted_approval uuid, wanted_claim uuid, new_recipient uuid, new_grant uuid, new_entry uuid,
        sealed bytea, seal_key text, index_key text, by_name bytea, by_kana bytea, by_phone bytea, by_mail bytea,
        link_key text, digest bytea, who text, at_instant timestamptz)
      returns bigint language plpgsql security definer set search_path = pg_catalog, public as $$
    declare
      item record;
      own record;
      deadline timestamptz;
      coupons_named integer;
      coupons_payable integer;
      taken bigint;
      first_number text;
    begin
      select i.campaign_id, i.yen into item from approval_claims i join approvals a on a.id = i.approval_id
        where i.approval_id = wanted_approval and i.claim_id = wanted_claim and i.state = 'waiting'
          and a.state = 'approved' and a.act = 'approve_claims' for update of i;
      if not found then
        raise exception 'no approval waits for claim %', wanted_claim using errcode = 'UK008';
      end if;
      select c.number, c.state, c.campaign_id into own from claims c where c.id = wanted_claim for no key update;
      if own.state <> 'checking' then
        raise exception 'claim % is not being checked', wanted_claim using errcode = 'UK004';
      end if;
      perform 1 from coupons where campaign_id = item.campaign_id and upper(replace(inquiry_number, '-', '')) in
        (select inquiry_number from claim_coupons where claim_id = wanted_claim) order by id for no key update;
      select count(*) into coupons_named from claim_coupons where claim_id = wanted_claim;
      select count(*), coalesce(sum(e.yen), 0), min(p.inquiry_number) into coupons_payable, taken, first_number
        from claim_coupons n
        join coupons p on p.campaign_id = item.campaign_id and upper(replace(p.inquiry_number, '-', '')) = n.inquiry_number
        join cutoff_lines l on l.coupon_id = p.id and l.way = 'claim'
        join coupon_entries e on e.coupon_id = p.id and e.kind = 'taken'
        where n.claim_id = wanted_claim and not exists (select 1 from grant_coupons g where g.coupon_id = p.id);
      if coupons_payable <> coupons_named or taken <> item.yen then
        raise exception 'claim % is not what was approved (% of % coupons, % yen)', wanted_claim, coupons_payable, coupons_named, taken
          using errcode = 'UK002';
      end if;
      select redeem_until into deadline from campaigns where id = item.campaign_id;
      if at_instant >= deadline then
        raise exception 'the deadline of % has passed', item.campaign_id using errcode = 'UK005';
      end if;
      insert into recipients (id, campaign_id, contact_sealed, contact_key_id, index_key_id, name_index, kana_index, phone_index, mail_index)
        values (new_recipient, item.campaign_id, sealed, seal_key, index_key, by_name, by_kana, by_phone, by_mail);
      insert into grants (id, campaign_id, recipient_id, number, inquiry_number, granted_yen, deadline_at, channel, link_key_id, link_digest,
          created_at, sending_group)
        values (new_grant, item.campaign_id, new_recipient, 'S-' || own.number, first_number, taken, deadline, 'mail', link_key, digest,
          at_instant, 'claim');
      insert into journal_entries (id, campaign_id, kind, actor, at, approval_id)
        values (new_entry, item.campaign_id, 'granted', who, at_instant, wanted_approval);
      insert into postings (entry_id, position, campaign_id, account, grant_id, yen)
        values (new_entry, 1, item.campaign_id, 'fund', null, -taken), (new_entry, 2, item.campaign_id, 'grant', new_grant, taken);
      insert into grant_coupons (coupon_id, grant_id, campaign_id, yen)
        select p.id, new_grant, item.campaign_id, e.yen from claim_coupons n
          join coupons p on p.campaign_id = item.campaign_id and upper(replace(p.inquiry_number, '-', '')) = n.inquiry_number
          join coupon_entries e on e.coupon_id = p.id and e.kind = 'taken' where n.claim_id = wanted_claim;
      update claim_coupons n set coupon_id = p.id from coupons p
        where n.claim_id = wanted_claim and p.campaign_id = item.campaign_id and upper(replace(p.inquiry_number, '-', '')) = n.inquiry_number;
      update claims set state = 'approved', state_at = at_instant, reason = null, grant_id = new_grant, approval_id = wanted_approval
        where id = wanted_claim;
      update approval_claims set state = 'done', at = at_instant where approval_id = wanted_approval and claim_id = wanted_claim;
      return taken;
    end $$;

    create or replace function stray_approvals(before timestamptz, most integer)
        returns table (id uuid, act text)
        language plpgsql stable security definer set search_path = pg_catalog, public as $$
    begin
      return query
        select a.id, a.act from public.approvals a
          where a.state = 'approved' and a.paused_at is null and coalesce(a.decided_at, a.proposed_at) < before
            and not exists (select 1 from graphile_worker.jobs j
              where j.key in ('void-code:' || a.id, 'run-bulk:' || a.id, 'make-export:' || a.id, 'grant-claims:' || a.id)
                and ((j.locked_at is null and j.attempts < j.max_attempts) or j.locked_at > now() - interval '30 minutes'))
          order by a.id limit most;
    end $$;

    revoke all on function grant_claim, check_approval_claim from public;
    grant execute on function grant_claim, check_approval_claim, check_claim_proof to uketori_console;
    grant select, insert, update (state, outcome, at) on approval_claims to uketori_console;
    grant update (state, state_at, reason, lock_token) on claims to uketori_console;
    grant select (reason) on claims to uketori_web;
  `.execute(db);
}
