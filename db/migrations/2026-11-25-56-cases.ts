import { type Kysely, sql } from 'kysely';

/**
 * Cases (B) that come by telephone: who called, sealed; what they said and what happened; the shop's answer; and what
 * was done, line by line. A case goes by its arrows only, and is approved on an approval only.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table case_arrows (
      from_state text not null,
      to_state text not null,
      primary key (from_state, to_state)
    );
    insert into case_arrows values
      ('received', 'checking'), ('received', 'refused'),
      ('checking', 'asking_shop'), ('checking', 'more_needed'), ('checking', 'approved'), ('checking', 'refused'),
      ('asking_shop', 'checking'), ('asking_shop', 'more_needed'), ('asking_shop', 'approved'), ('asking_shop', 'refused'),
      ('more_needed', 'checking'), ('more_needed', 'asking_shop'), ('more_needed', 'refused'),
      ('approved', 'done'),
      ('refused', 'checking'), ('refused', 'done');

    create table cases (
      id uuid primary key,
      campaign_id text not null references campaigns,
      -- The reference number that the caller writes down: nine digits and one that checks them.
      number text not null unique check (number ~ '^[1-9][0-9]{9}$'),
      state text not null,
      state_at timestamptz not null,
      -- Why it was refused, or what the caller is asked for.
      reason text check (length(reason) <= 40),
      kind text not null check (kind in ('unanswered', 'repeated', 'other')),
      -- The caller's name, telephone number and mail address as one sealed JSON object bound to this row.
      contact_sealed bytea not null,
      contact_key_id text not null,
      index_key_id text not null,
      name_index bytea not null,
      phone_index bytea not null,
      mail_index bytea,
      -- The four things of the notice, as they were said; the number as it is compared.
      inquiry_number text not null check (inquiry_number ~ '^[0-9A-Z]{1,30}$'),
      valid_on date not null,
      prefecture text not null check (length(prefecture) between 1 and 20),
      shop text not null check (length(shop) between 1 and 100),
      caller_way text not null check (caller_way in ('facts', 'call_back', 'later')),
      -- Which two facts were asked and right; never the facts.
      caller_facts text check (length(caller_facts) <= 40),
      identified_at timestamptz,
      coupon_id uuid,
      owner_id uuid references staff,
      due_at timestamptz,
      shop_answer text check (shop_answer in ('agrees', 'differs', 'no_record')),
      shop_answered_at timestamptz,
      approval_id uuid references approvals,
      outcome text check (outcome in ('put_back', 'granted')),
      grant_id uuid unique,
      -- A form that was sent twice makes one case.
      request_key text not null check (length(request_key) between 20 and 60),
      opened_by uuid not null references staff,
      opened_at timestamptz not null,
      lock_token smallint,
      unique (id, campaign_id),
      unique (campaign_id, request_key),
      foreign key (coupon_id, campaign_id) references coupons (id, campaign_id),
      foreign key (grant_id, campaign_id) references grants (id, campaign_id),
      check ((state = 'done') = (due_at is null)),
      check (state not in ('refused', 'more_needed') or reason is not null),
      check (state <> 'approved' or outcome is not null),
      check ((outcome is null) = (approval_id is null)),
      check ((grant_id is not null) = (outcome is not distinct from 'granted')),
      check (outcome is null or (coupon_id is not null and identified_at is not null and shop_answer = 'agrees')),
      check ((shop_answer is null) = (shop_answered_at is null))
    );
    create index cases_due on cases (campaign_id, due_at, id) where due_at is not null;
    create index cases_queue on cases (campaign_id, state, due_at, id);
    create index cases_owner on cases (owner_id, due_at, id) where owner_id is not null;
    create index cases_coupon on cases (coupon_id) where coupon_id is not null;
    create index cases_inquiry on cases (campaign_id, inquiry_number);
    create index cases_phone on cases (phone_index);
    create index cases_mail on cases (mail_index) where mail_index is not null;
    create index cases_name on cases (name_index);
    create index cases_contact_key on cases (contact_key_id, id);

    -- The payments that the case is about.
    create table case_payments (
      case_id uuid not null,
      campaign_id text not null,
      payment_number text not null,
      primary key (case_id, payment_number),
      foreign key (case_id, campaign_id) references cases (id, campaign_id),
      foreign key (campaign_id, payment_number) references payments (campaign_id, number)
    );

    -- What was said and done, in order. Words of people are sealed: a name is quickly written.
    create table case_notes (
      id uuid primary key,
      case_id uuid not null,
      campaign_id text not null,
      kind text not null check (kind in ('opened', 'note', 'moved', 'identified', 'shop', 'payments')),
      -- The state it went to; for the others the state it was in.
      state text not null,
      reason text check (length(reason) <= 40),
      body_sealed bytea,
      body_key_id text,
      actor text not null,
      at timestamptz not null,
      foreign key (case_id, campaign_id) references cases (id, campaign_id),
      check ((body_sealed is null) = (body_key_id is null)),
      check (kind <> 'note' or body_sealed is not null)
    );
    create index case_notes_case on case_notes (case_id, at, id);
    create index case_notes_key on case_notes (body_key_id, id) where body_key_id is not null;

    create function check_new_case() returns trigger language plpgsql as $$
    begin
      if new.state <> 'received' or new.approval_id is not null or new.shop_answer is not null then
        raise exception 'a case starts as received, not %', new.state using errcode = 'UK004';
      end if;
      return new;
    end $$;
    create trigger cases_new before insert on cases for each row execute function check_new_case();

    create function check_case_change() returns trigger language plpgsql as $$
    begin
      if (new.id, new.campaign_id, new.number, new.kind, new.inquiry_number, new.valid_on, new.prefecture, new.shop, new.caller_way,
          new.caller_facts, new.request_key, new.opened_by, new.opened_at)
        is distinct from (old.id, old.campaign_id, old.number, old.kind, old.inquiry_number, old.valid_on, old.prefecture, old.shop,
          old.caller_way, old.caller_facts, old.request_key, old.opened_by, old.opened_at) then
        raise exception 'a case keeps what was said' using errcode = 'UK003';
      end if;
      if old.grant_id is not null and new.grant_id is distinct from old.grant_id
        or old.coupon_id is not null and new.coupon_id is distinct from old.coupon_id
        or old.identified_at is not null and new.identified_at is distinct from old.identified_at
        or old.approval_id is not null and (new.approval_id, new.outcome) is distinct from (old.approval_id, old.outcome) then
        raise exception 'what was proven or decided stays' using errcode = 'UK003';
      end if;
      if new.state <> old.state
        and not exists (select 1 from case_arrows where from_state = old.state and to_state = new.state) then
        raise exception 'a case cannot go from % to %', old.state, new.state using errcode = 'UK004';
      end if;
      if old.state = 'done' and new.owner_id is distinct from old.owner_id then
        raise exception 'case % is done', new.id using errcode = 'UK003';
      end if;
      if (new.state = 'approved' and old.state <> 'approved' or new.approval_id is distinct from old.approval_id)
        and not (new.state = 'approved' and exists (select 1 from approvals a where a.id = new.approval_id and a.state = 'approved'
          and a.act = 'decide_case' and a.subject_kind = 'case' and a.subject_id = new.id::text and a.campaign_id = new.campaign_id)) then
        raise exception 'case % is approved by two people', new.id using errcode = 'UK008';
      end if;
      if new.grant_id is distinct from old.grant_id and current_user = 'uketori_console' then
        raise exception 'the grant of case % is made by grant_case', new.id using errcode = '42501';
      end if;
      -- What was approved has been carried out, to the yen.
      if new.state = 'approved' and old.state <> 'approved' and (select a.yen from approvals a where a.id = new.approval_id) is distinct from
          (select sum(e.yen) from coupon_entries e where e.approval_id = new.approval_id and e.coupon_id = new.coupon_id
            and e.kind = case new.outcome when 'granted' then 'granted' else 'put_back' end) then
        raise exception 'case % is not carried out as it was approved', new.id using errcode = 'UK002';
      end if;
      return new;
    end $$;
    create trigger cases_change before update on cases for each row execute function check_case_change();

    -- What a case comes to after the cut-off leaves the coupon for good: spent by mistake, granted instead. A payment
    -- comes back once, whichever way.
    alter table coupon_entries drop constraint coupon_entries_kind_check, drop constraint coupon_entries_check,
      drop constraint coupon_entries_check1, drop constraint coupon_entries_check2;
    alter table coupon_entries
      add constraint coupon_entries_kind_check check (kind in ('issued', 'spent', 'put_back', 'taken', 'granted')),
      add constraint coupon_entries_accounts check ((kind, from_account, to_account) in (
        ('issued', 'face', 'remaining'), ('spent', 'remaining', 'spent'), ('put_back', 'spent', 'remaining'),
        ('taken', 'remaining', 'taken'), ('granted', 'spent', 'taken'))),
      add constraint coupon_entries_of_payment check ((kind in ('spent', 'put_back', 'granted')) = (payment_number is not null)),
      add constraint coupon_entries_why check (kind not in ('put_back', 'granted') or (reason is not null and evidence is not null));
    create unique index coupon_entries_back on coupon_entries (campaign_id, payment_number) where kind in ('put_back', 'granted');

    -- Before the cut-off has begun yen go back on the coupon, afterwards they are granted: never the other way round.
    create function check_coupon_back() returns trigger language plpgsql as $$
    declare
      wrong record;
    begin
      select n.id into wrong from new_entries n
        where n.kind in ('put_back', 'granted')
          and (n.kind = 'granted') <> exists (select 1 from cutoffs k where k.campaign_id = n.campaign_id) limit 1;
      if found then
        raise exception 'entry % comes on the wrong side of the cut-off', wrong.id using errcode = 'UK005';
      end if;
      return null;
    end $$;
    create trigger coupon_entries_side after insert on coupon_entries
      referencing new table as new_entries for each statement execute function check_coupon_back();

    -- An approved case gives leave to put back on its coupon, and so to extend it.
    create or replace function is_coupon_approved(approval uuid, wanted_act text, wanted_campaign text, wanted_coupon uuid) returns boolean
      language sql stable as $$
      select exists (select 1 from approvals a where a.id = approval and a.state = 'approved' and a.campaign_id = wanted_campaign
        and (a.act = wanted_act
            and case when wanted_coupon is null then a.subject_kind = 'coupons' and a.subject_id = wanted_campaign
              else a.subject_kind = 'coupon' and a.subject_id = wanted_coupon::text end
          or a.act = 'decide_case' and wanted_act = 'put_back' and a.subject_kind = 'case'
            and exists (select 1 from cases c where c.id::text = a.subject_id and c.coupon_id = wanted_coupon)))
    $$;

    -- Makes the grant of one approved case after the cut-off: for exactly the payments that were approved, none of which
    -- ever came back. The console's role may touch neither the fund nor the register; it calls this.
    create function grant_case(wanted_approval uuid, wanted_case uuid, new_recipient uuid, new_grant uuid, new_entry uuid,
        sealed bytea, seal_key text, index_key text, by_name bytea, by_phone bytea, by_mail bytea, link_key text, digest bytea,
        reason text, evidence text, who text, at_instant timestamptz, due timestamptz)
      returns bigint language plpgsql security definer set search_path = pg_catalog, public as $$
    declare
      own record;
      approved_yen bigint;
      deadline timestamptz;
      payable integer;
      chosen integer;
      owed bigint;
      inquiry text;
    begin
      select c.number, c.campaign_id, c.coupon_id, c.state into own from cases c where c.id = wanted_case for no key update;
      select a.yen into approved_yen from approvals a
        where a.id = wanted_approval and a.state = 'approved' and a.act = 'decide_case' and a.subject_kind = 'case'
          and a.subject_id = wanted_case::text and a.campaign_id = own.campaign_id for update;
      if approved_yen is null then
        raise exception 'no approval stands behind case %', wanted_case using errcode = 'UK008';
      end if;
      if own.state not in ('checking', 'asking_shop') then
        raise exception 'case % is not being checked', wanted_case using errcode = 'UK004';
      end if;
      select p.inquiry_number into inquiry from coupons p where p.id = own.coupon_id for no key update;
      select count(*) into chosen from case_payments where case_id = wanted_case;
      select count(*), coalesce(sum(p.yen), 0) into payable, owed
        from case_payments n
        join payments p on p.campaign_id = n.campaign_id and p.number = n.payment_number and p.coupon_id = own.coupon_id and p.booking = 'entered'
        where n.case_id = wanted_case and not exists (select 1 from coupon_entries e where e.campaign_id = p.campaign_id
          and e.payment_number = p.number and e.kind in ('put_back', 'granted'));
      if payable = 0 or payable <> chosen or owed <> approved_yen then
        raise exception 'case % is not what was approved (% of % payments, % yen)', wanted_case, payable, chosen, owed using errcode = 'UK002';
      end if;
      select redeem_until into deadline from campaigns where id = own.campaign_id;
      if at_instant >= deadline then
        raise exception 'the deadline of % has passed', own.campaign_id using errcode = 'UK005';
      end if;
      insert into recipients (id, campaign_id, contact_sealed, contact_key_id, index_key_id, name_index, kana_index, phone_index, mail_index)
        values (new_recipient, own.campaign_id, sealed, seal_key, index_key, by_name, null, by_phone, by_mail);
      insert into grants (id, campaign_id, recipient_id, number, inquiry_number, granted_yen, deadline_at, channel, link_key_id, link_digest,
          created_at, sending_group)
        values (new_grant, own.campaign_id, new_recipient, 'T-' || own.number, inquiry, owed, deadline,
          case when by_mail is null then 'sms' else 'mail' end, link_key, digest, at_instant, 'claim');
      insert into journal_entries (id, campaign_id, kind, actor, at, approval_id)
        values (new_entry, own.campaign_id, 'granted', who, at_instant, wanted_approval);
      insert into postings (entry_id, position, campaign_id, account, grant_id, yen)
        values (new_entry, 1, own.campaign_id, 'fund', null, -owed), (new_entry, 2, own.campaign_id, 'grant', new_grant, owed);
      insert into coupon_entries (coupon_id, campaign_id, kind, from_account, to_account, yen, payment_number, approval_id, reason, evidence,
          actor, at)
        select own.coupon_id, own.campaign_id, 'granted', 'spent', 'taken', p.yen, p.number, wanted_approval, grant_case.reason,
            grant_case.evidence, who, at_instant
          from case_payments n join payments p on p.campaign_id = n.campaign_id and p.number = n.payment_number where n.case_id = wanted_case;
      update cases set state = 'approved', state_at = at_instant, reason = null, due_at = due, approval_id = wanted_approval, outcome = 'granted',
          grant_id = new_grant where id = wanted_case;
      return owed;
    end $$;

    -- Payments can be chosen anew until it is decided.
    create function check_case_payments() returns trigger language plpgsql as $$
    declare
      own uuid := case when tg_op = 'DELETE' then old.case_id else new.case_id end;
    begin
      if exists (select 1 from cases c where c.id = own and c.state in ('approved', 'done')) then
        raise exception 'case % is decided', own using errcode = 'UK003';
      end if;
      if tg_op <> 'DELETE' and not exists (select 1 from cases c join payments p on p.campaign_id = c.campaign_id and p.coupon_id = c.coupon_id
          where c.id = own and p.number = new.payment_number) then
        raise exception 'payment % is not of the coupon of case %', new.payment_number, own using errcode = 'UK001';
      end if;
      return case when tg_op = 'DELETE' then old else new end;
    end $$;
    create trigger case_payments_change before insert or update or delete on case_payments
      for each row execute function check_case_payments();
    create trigger case_payments_stay before truncate on case_payments for each statement execute function refuse_change();

    create function check_case_note_change() returns trigger language plpgsql as $$
    begin
      -- Only the seal is made anew, when keys change.
      if (new.id, new.case_id, new.campaign_id, new.kind, new.state, new.reason, new.actor, new.at, new.body_sealed is null)
        is distinct from (old.id, old.case_id, old.campaign_id, old.kind, old.state, old.reason, old.actor, old.at, old.body_sealed is null)
        or new.body_key_id is not distinct from old.body_key_id then
        raise exception 'notes are added, never changed' using errcode = 'UK003';
      end if;
      return new;
    end $$;
    create trigger case_notes_change before update on case_notes for each row execute function check_case_note_change();
    create trigger case_notes_append_only before delete or truncate on case_notes for each statement execute function refuse_change();
    create trigger cases_stay before delete or truncate on cases for each statement execute function refuse_change();

    revoke all on function check_new_case, check_case_change, check_case_payments, check_case_note_change, check_coupon_back, grant_case
      from public;
    grant execute on function check_new_case, check_case_change, check_case_payments, check_coupon_back, grant_case to uketori_console;
    grant select on cases, case_arrows, case_payments, case_notes to uketori_console;
    grant insert on cases, case_payments, case_notes to uketori_console;
    grant delete on case_payments to uketori_console;
    grant update (state, state_at, reason, identified_at, coupon_id, owner_id, due_at, shop_answer, shop_answered_at, approval_id, outcome,
      lock_token) on cases to uketori_console;
  `.execute(db);
}
