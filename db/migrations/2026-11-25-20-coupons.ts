import { type Kysely, sql } from 'kysely';

/**
 * The register of coupons: each a double-entry account of its own (face → remaining → spent or taken), the payments as
 * they were imported, and the cut-off that takes what is left. Every entry moves yen from one account to another, so
 * it always sums to zero; that no account of a coupon is overdrawn is checked once for each statement.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table imports drop constraint imports_kind_check;
    -- Each importer knows its own kinds; they grow with the portal.
    alter table imports add constraint imports_kind_check check (kind ~ '^[a-z][a-z_]{2,29}$');

    create table coupons (
      id uuid primary key,
      campaign_id text not null references campaigns,
      import_id uuid not null references imports,
      inquiry_number text not null,
      prefecture text not null,
      issuer text not null,
      face_yen bigint not null check (face_yen > 0),
      -- What the file said was left, at which instant (exclusive). The register itself goes by payments.
      listed_yen bigint not null check (listed_yen between 0 and face_yen),
      listed_at timestamptz not null,
      -- Exclusive instant, as issued; what was extended stands in coupon_extensions.
      valid_until timestamptz not null,
      in_app boolean not null,
      left_on date,
      -- The app's telephone number and mail address, as one sealed JSON object bound to this row.
      contact_sealed bytea,
      contact_key_id text,
      index_key_id text,
      phone_index bytea,
      mail_index bytea,
      -- Written by nobody: the right to update it is what a row lock asks for.
      lock_token smallint,
      unique (campaign_id, inquiry_number),
      unique (id, campaign_id),
      check (left_on is null or in_app),
      check (in_app = (contact_sealed is not null)),
      check ((contact_sealed is null) = (contact_key_id is null)),
      check ((contact_sealed is null) = (index_key_id is null)),
      check ((contact_sealed is null) = (phone_index is null and mail_index is null))
    );
    create index coupons_phone on coupons (phone_index) where phone_index is not null;
    create index coupons_mail on coupons (mail_index) where mail_index is not null;
    create index coupons_contact_key on coupons (contact_key_id, id) where contact_key_id is not null;

    -- As imported. 'timed_out' took nothing; 'unanswered' took the balance though nobody was told.
    create table payments (
      campaign_id text not null references campaigns,
      number text not null,
      import_id uuid not null references imports,
      coupon_id uuid not null,
      shop text not null,
      yen bigint not null check (yen > 0),
      paid_at timestamptz not null,
      outcome text not null check (outcome in ('paid', 'timed_out', 'unanswered')),
      -- 'late': it came when what was left on the coupon had been taken already; nothing is entered for it.
      booking text not null check (booking in ('entered', 'nothing', 'late')),
      primary key (campaign_id, number),
      foreign key (coupon_id, campaign_id) references coupons (id, campaign_id),
      check ((booking = 'nothing') = (outcome = 'timed_out'))
    );
    create index payments_coupon on payments (coupon_id);
    create index payments_time on payments (campaign_id, paid_at);
    create index payments_late on payments (campaign_id, number) where booking = 'late';

    create table coupon_entries (
      id bigint generated always as identity primary key,
      coupon_id uuid not null,
      campaign_id text not null,
      kind text not null check (kind in ('issued', 'spent', 'put_back', 'taken')),
      from_account text not null check (from_account in ('face', 'remaining', 'spent')),
      to_account text not null check (to_account in ('remaining', 'spent', 'taken')),
      yen bigint not null check (yen > 0),
      payment_number text,
      approval_id uuid references approvals,
      reason text,
      evidence text check (length(evidence) <= 500),
      actor text not null,
      at timestamptz not null,
      foreign key (coupon_id, campaign_id) references coupons (id, campaign_id),
      foreign key (campaign_id, payment_number) references payments (campaign_id, number),
      check ((kind, from_account, to_account) in (
        ('issued', 'face', 'remaining'), ('spent', 'remaining', 'spent'),
        ('put_back', 'spent', 'remaining'), ('taken', 'remaining', 'taken'))),
      check ((kind in ('spent', 'put_back')) = (payment_number is not null)),
      check (kind <> 'put_back' or (reason is not null and evidence is not null))
    );
    create index coupon_entries_coupon on coupon_entries (coupon_id);
    -- A coupon is issued once and taken once; a payment is entered once and put back once.
    create unique index coupon_entries_once on coupon_entries (coupon_id, kind) where kind in ('issued', 'taken');
    create unique index coupon_entries_payment on coupon_entries (campaign_id, payment_number, kind) where payment_number is not null;

    -- Longer validity, for one coupon or (coupon_id null) for all that lost their use in the failure.
    create table coupon_extensions (
      id uuid primary key,
      campaign_id text not null references campaigns,
      coupon_id uuid,
      -- Exclusive instant.
      until timestamptz not null,
      approval_id uuid references approvals,
      reason text not null,
      evidence text not null check (length(evidence) <= 500),
      actor text not null,
      at timestamptz not null,
      foreign key (coupon_id, campaign_id) references coupons (id, campaign_id)
    );
    create index coupon_extensions_coupon on coupon_extensions (coupon_id) where coupon_id is not null;
    create unique index coupon_extensions_all on coupon_extensions (campaign_id, until) where coupon_id is null;

    -- The one cut-off of a campaign: what it takes is fixed when it begins, and how far it has come.
    create table cutoffs (
      campaign_id text primary key references campaigns,
      -- Exclusive instant.
      taken_at timestamptz not null,
      began_at timestamptz not null,
      actor text not null,
      -- How far it has come: persons are taken in the order of their names.
      done_person text collate "C",
      finished_at timestamptz
    );
    create table cutoff_lines (
      campaign_id text not null references cutoffs,
      -- Whoever holds the coupon, named by the smallest inquiry number of theirs.
      person text collate "C" not null,
      coupon_id uuid not null unique,
      yen bigint not null check (yen > 0),
      way text not null check (way in ('app', 'claim')),
      primary key (campaign_id, person, coupon_id),
      foreign key (coupon_id, campaign_id) references coupons (id, campaign_id)
    );

    -- Which coupons a grant is made of. A coupon is granted once, for exactly what was taken from it.
    create table grant_coupons (
      coupon_id uuid primary key,
      grant_id uuid not null,
      campaign_id text not null,
      yen bigint not null check (yen > 0),
      foreign key (coupon_id, campaign_id) references coupons (id, campaign_id),
      foreign key (grant_id, campaign_id) references grants (id, campaign_id)
    );
    create index grant_coupons_grant on grant_coupons (grant_id);

    -- Whether an approval stands behind an act on this coupon, or on all of its campaign.
    create function is_coupon_approved(approval uuid, wanted_act text, wanted_campaign text, wanted_coupon uuid) returns boolean
      language sql stable as $$
      select exists (select 1 from approvals a where a.id = approval and a.state = 'approved' and a.act = wanted_act
        and a.campaign_id = wanted_campaign
        and case when wanted_coupon is null then a.subject_kind = 'coupons' and a.subject_id = wanted_campaign
          else a.subject_kind = 'coupon' and a.subject_id = wanted_coupon::text end)
    $$;

    create function check_coupon_entries() returns trigger language plpgsql as $$
    declare
      wrong record;
    begin
      if current_setting('transaction_isolation') <> 'read committed' then
        raise exception 'the register is written under read committed only' using errcode = 'UK007';
      end if;
      -- The console puts back, on an approval; everything else is the owner's.
      if current_user in ('uketori_web', 'uketori_worker', 'uketori_console') then
        select n.id into wrong from new_entries n
          where current_user <> 'uketori_console' or n.kind <> 'put_back'
            or not is_coupon_approved(n.approval_id, 'put_back', n.campaign_id, n.coupon_id) limit 1;
        if found then
          raise exception 'entry % is none that % may make', wrong.id, current_user using errcode = '42501';
        end if;
      end if;
      -- Takers of one coupon stand in line here.
      perform 1 from coupons where id in (select coupon_id from new_entries where kind <> 'issued') order by id for no key update;
      -- Coupon by coupon: joined as a whole, every small statement would read through the register.
      select n.coupon_id into wrong
        from (select distinct coupon_id from new_entries where kind <> 'issued') n
        cross join lateral (
          select sum(case when e.to_account = 'remaining' then e.yen when e.from_account = 'remaining' then -e.yen else 0 end) as remaining_yen,
              sum(case when e.to_account = 'spent' then e.yen when e.from_account = 'spent' then -e.yen else 0 end) as spent_yen
            from coupon_entries e where e.coupon_id = n.coupon_id
        ) s
        where s.remaining_yen < 0 or s.spent_yen < 0 limit 1;
      if found then
        raise exception 'coupon % would be overdrawn', wrong.coupon_id using errcode = 'UK002';
      end if;
      select n.coupon_id into wrong from new_entries n join coupons c on c.id = n.coupon_id
        where n.kind = 'issued' and n.yen <> c.face_yen limit 1;
      if not found then
        select n.coupon_id into wrong from new_entries n join payments p on p.campaign_id = n.campaign_id and p.number = n.payment_number
          where p.coupon_id <> n.coupon_id or p.yen <> n.yen or p.booking <> 'entered' limit 1;
      end if;
      if found then
        raise exception 'an entry of coupon % does not fit what it is made for', wrong.coupon_id using errcode = 'UK001';
      end if;
      return null;
    end $$;
    create trigger coupon_entries_balance after insert on coupon_entries
      referencing new table as new_entries for each statement execute function check_coupon_entries();

    create function check_coupon_extensions() returns trigger language plpgsql as $$
    begin
      if current_user = 'uketori_console' and not is_coupon_approved(new.approval_id,
          case when new.coupon_id is null then 'extend_coupons' else 'extend_coupon' end, new.campaign_id, new.coupon_id)
        -- Put back and extended at once is one decision.
        and not (new.coupon_id is not null and is_coupon_approved(new.approval_id, 'put_back', new.campaign_id, new.coupon_id)) then
        raise exception 'an extension stands on an approval' using errcode = 'UK008';
      end if;
      return new;
    end $$;
    create trigger coupon_extensions_new before insert on coupon_extensions
      for each row execute function check_coupon_extensions();

    -- The lines of a grant are written by one statement: they make its amount, each is what was taken from its coupon.
    create function check_grant_coupons() returns trigger language plpgsql as $$
    declare
      wrong record;
    begin
      select g.id into wrong
        from (select distinct grant_id from new_lines) n
        join grants g on g.id = n.grant_id
        cross join lateral (select sum(c.yen) as yen from grant_coupons c where c.grant_id = n.grant_id) s
        where s.yen <> g.granted_yen limit 1;
      if found then
        raise exception 'the coupons of grant % do not make its amount', wrong.id using errcode = 'UK001';
      end if;
      select n.coupon_id into wrong from new_lines n
        where n.yen <> (select coalesce(sum(e.yen), 0) from coupon_entries e where e.coupon_id = n.coupon_id and e.kind = 'taken') limit 1;
      if found then
        raise exception 'coupon % is granted for other yen than were taken', wrong.coupon_id using errcode = 'UK002';
      end if;
      return null;
    end $$;
    create trigger grant_coupons_sum after insert on grant_coupons
      referencing new table as new_lines for each statement execute function check_grant_coupons();

    create function check_coupon_change() returns trigger language plpgsql as $$
    begin
      if (new.id, new.campaign_id, new.import_id, new.inquiry_number, new.face_yen, new.listed_yen, new.listed_at, new.valid_until,
          new.in_app, new.left_on)
        is distinct from (old.id, old.campaign_id, old.import_id, old.inquiry_number, old.face_yen, old.listed_yen, old.listed_at,
          old.valid_until, old.in_app, old.left_on) then
        raise exception 'a coupon is what it was when it was imported' using errcode = 'UK003';
      end if;
      return new;
    end $$;
    create trigger coupons_change before update on coupons for each row execute function check_coupon_change();

    create trigger coupons_stay before delete or truncate on coupons for each statement execute function refuse_change();
    create trigger payments_append_only before update or delete or truncate on payments for each statement execute function refuse_change();
    create trigger coupon_entries_append_only before update or delete or truncate on coupon_entries
      for each statement execute function refuse_change();
    create trigger coupon_extensions_append_only before update or delete or truncate on coupon_extensions
      for each statement execute function refuse_change();
    create trigger cutoffs_stay before delete or truncate on cutoffs for each statement execute function refuse_change();
    create trigger cutoff_lines_append_only before update or delete or truncate on cutoff_lines
      for each statement execute function refuse_change();
    create trigger grant_coupons_append_only before update or delete or truncate on grant_coupons
      for each statement execute function refuse_change();

    revoke all on function is_coupon_approved, check_coupon_entries, check_coupon_extensions, check_grant_coupons, check_coupon_change
      from public;
    grant execute on function is_coupon_approved, check_coupon_entries, check_coupon_extensions, check_coupon_change to uketori_console;
    grant select on coupons, payments, coupon_entries, coupon_extensions, cutoffs, cutoff_lines, grant_coupons to uketori_console;
    grant insert on coupon_entries, coupon_extensions to uketori_console;
    grant update (lock_token) on coupons to uketori_console;
  `.execute(db);
}
