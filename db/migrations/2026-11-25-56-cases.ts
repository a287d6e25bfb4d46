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
      if old.coupon_id is not null and new.coupon_id is distinct from old.coupon_id
        or old.identified_at is not null and new.identified_at is distinct from old.identified_at
        or old.approval_id is not null and (new.approval_id, new.outcome, new.grant_id) is distinct from (old.approval_id, old.outcome, old.grant_id) then
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
      return new;
    end $$;
    create trigger cases_change before update on cases for each row execute function check_case_change();

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

    revoke all on function check_new_case, check_case_change, check_case_payments, check_case_note_change from public;
    grant execute on function check_new_case, check_case_change, check_case_payments to uketori_console;
    grant select on cases, case_arrows, case_payments, case_notes to uketori_console;
    grant insert on cases, case_payments, case_notes to uketori_console;
    grant delete on case_payments to uketori_console;
    grant update (state, state_at, reason, identified_at, coupon_id, owner_id, due_at, shop_answer, shop_answered_at, approval_id, outcome,
      grant_id, lock_token) on cases to uketori_console;
  `.execute(db);
}
