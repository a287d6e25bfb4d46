import { type Kysely, sql } from 'kysely';

/**
 * What staff may do to yen, and that each of it stands on an approved approval: the ledger's ways of the console,
 * an attempt let go on, a doubt settled by evidence, a code voided, a deadline extended, an address changed.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table journal_entries add column approval_id uuid references approvals;
    create index journal_entries_approval on journal_entries (approval_id) where approval_id is not null;
    alter table journal_entries drop constraint journal_entries_kind_check;
    -- 'extended' moves no yen: it stands in the journal because it changes until when they can be taken.
    alter table journal_entries add constraint journal_entries_kind_check
      check (kind in ('granted', 'accepted', 'issued', 'returned', 'lapsed', 'voided', 'corrected', 'extended'));
    alter table journal_entries add check (kind not in ('voided', 'extended') or approval_id is not null);

    -- Whether an approval of one of these acts stands behind what is done to this grant and redemption.
    create function is_approved(approval uuid, acts text[], wanted_grant uuid, wanted_redemption uuid) returns boolean language sql stable as $$
      select exists (
        select 1 from approvals a where a.id = approval and a.state = 'approved' and a.act = any (acts)
          and (a.grant_id = wanted_grant
            or (a.grant_id is null and exists (select 1 from approval_items i where i.approval_id = a.id and i.state = 'waiting'
              and i.grant_id = wanted_grant and (wanted_redemption is null or i.redemption_id = wanted_redemption)))))
    $$;

    create or replace function check_postings() returns trigger language plpgsql as $$
    declare
      wrong record;
      runtime constant text[] := array['uketori_web', 'uketori_worker', 'uketori_console'];
    begin
      -- With an older snapshot the sums below could miss what a quicker taker has just committed.
      if current_setting('transaction_isolation') <> 'read committed' then
        raise exception 'the ledger is written under read committed only' using errcode = 'UK007';
      end if;
      -- New money comes from the fund, and only the owner's command line makes it.
      if current_user = any (runtime) and exists (select 1 from new_postings where account = 'fund') then
        raise exception 'the fund is not for runtime roles' using errcode = '42501';
      end if;

      select p.entry_id, sum(p.yen) as yen into wrong
        from postings p
        where p.entry_id in (select entry_id from new_postings)
        group by p.entry_id having sum(p.yen) <> 0 limit 1;
      if found then
        raise exception 'journal entry % does not sum to zero (%)', wrong.entry_id, wrong.yen using errcode = 'UK001';
      end if;

      -- Two takers of one grant stand in line here, whatever the code above the database forgot to lock.
      perform 1 from grants
        where id in (select grant_id from new_postings where yen < 0 and grant_id is not null)
        order by id for no key update;
      select k.account, k.grant_id, sum(p.yen) as yen into wrong
        from (select distinct account, grant_id, redemption_id from new_postings where yen < 0 and grant_id is not null) k
        join postings p on p.grant_id = k.grant_id and p.account = k.account
          and p.redemption_id is not distinct from k.redemption_id
        group by k.account, k.grant_id, k.redemption_id having sum(p.yen) < 0 limit 1;
      if found then
        raise exception 'account % of grant % would be negative (%)', wrong.account, wrong.grant_id, wrong.yen using errcode = 'UK002';
      end if;

      -- A running process moves yen only along its own ways, within one grant; all others are the owner's.
      if current_user = any (runtime) then
        select n.entry_id into wrong
          from new_postings n join journal_entries e on e.id = n.entry_id
          where not (
            (current_user = 'uketori_web' and (
              (e.kind = 'accepted' and ((n.account = 'grant' and n.yen < 0) or (n.account = 'pending' and n.yen > 0)))
              or (e.kind = 'returned' and ((n.account = 'pending' and n.yen < 0) or (n.account = 'grant' and n.yen > 0)))))
            or (current_user = 'uketori_worker' and (
              (e.kind = 'issued' and ((n.account = 'pending' and n.yen < 0) or (n.account = 'issued' and n.yen > 0)))
              or (e.kind = 'lapsed' and ((n.account = 'grant' and n.yen < 0) or (n.account = 'lapsed' and n.yen > 0)))))
            or (current_user = 'uketori_console' and (
              (e.kind = 'accepted' and ((n.account = 'grant' and n.yen < 0) or (n.account = 'pending' and n.yen > 0)))
              or (e.kind = 'returned' and ((n.account = 'pending' and n.yen < 0) or (n.account = 'grant' and n.yen > 0)))
              or (e.kind = 'voided' and ((n.account = 'issued' and n.yen < 0) or (n.account = 'pending' and n.yen > 0)))
              or (e.kind = 'corrected' and ((n.account = 'lapsed' and n.yen < 0) or (n.account = 'grant' and n.yen > 0)))))
            ) or (e.kind <> 'lapsed' and (n.grant_id <> e.grant_id or coalesce(n.redemption_id <> e.redemption_id, false)))
              or (e.kind = 'lapsed' and exists (select 1 from grants g where g.id = n.grant_id and g.deadline_at > e.at))
              -- A new choice made by staff is a redemption of its own; its approval names the grant.
              or (current_user = 'uketori_console' and not is_approved(e.approval_id,
                case e.kind when 'voided' then array['reissue'] when 'accepted' then array['reissue'] when 'corrected' then array['extend']
                  else array['reissue', 'give_back', 'bulk_give_back'] end,
                e.grant_id, case when e.kind = 'accepted' then null else e.redemption_id end))
          limit 1;
        if not found then
          -- Each grant for itself, also where one entry lapses many; and nothing is added to an entry of the past.
          select n.entry_id into wrong from new_postings n group by n.entry_id, n.grant_id having sum(n.yen) <> 0 limit 1;
        end if;
        if not found then
          select p.entry_id into wrong from postings p
            where p.entry_id in (select entry_id from new_postings)
            group by p.entry_id
            having count(*) <> (select count(*) from new_postings n where n.entry_id = p.entry_id) limit 1;
        end if;
        if found then
          raise exception 'entry % is none that % may make', wrong.entry_id, current_user using errcode = '42501';
        end if;
      end if;
      return null;
    end $$;

    alter table issuances
      -- A person let another attempt follow this one, which surely came to nothing.
      add column reopened_by uuid references approvals,
      -- A person's evidence settled what the provider did not answer.
      add column settled_by uuid references approvals,
      -- The code is worthless: cancelled at the provider, or proven bad.
      add column voided_by uuid references approvals,
      add column void_reason text check (void_reason in ('cancelled', 'proven_bad')),
      add column voided_at timestamptz,
      add check ((state = 'voided') = (voided_by is not null)),
      add check ((state = 'voided') = (void_reason is not null)),
      add check ((state = 'voided') = (voided_at is not null)),
      add check (reopened_by is null or state in ('declined', 'voided')),
      add check (settled_by is null or state = 'declined');

    create or replace function check_issuance_change() returns trigger language plpgsql as $$
    declare
      own record;
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
      if (old.reopened_by is not null and new.reopened_by is distinct from old.reopened_by)
        or (old.settled_by is not null and new.settled_by is distinct from old.settled_by)
        or (old.voided_by is not null and new.voided_by is distinct from old.voided_by) then
        raise exception 'what a person decided about an attempt stays' using errcode = 'UK003';
      end if;
      -- What persons decide goes by the console, and stands on an approval.
      if (new.reopened_by, new.settled_by, new.voided_by) is distinct from (old.reopened_by, old.settled_by, old.voided_by) then
        if current_user in ('uketori_web', 'uketori_worker') then
          raise exception 'that is for the console' using errcode = '42501';
        end if;
        select r.grant_id, r.id as redemption_id into own
          from codes c join redemptions r on r.id = c.redemption_id where c.id = new.code_id;
        if (new.reopened_by is distinct from old.reopened_by and not is_approved(new.reopened_by, array['reissue', 'bulk_reissue'], own.grant_id, own.redemption_id))
          or (new.settled_by is distinct from old.settled_by and not is_approved(new.settled_by, array['settle_doubt'], own.grant_id, own.redemption_id))
          or (new.voided_by is distinct from old.voided_by and not is_approved(new.voided_by, array['reissue'], own.grant_id, own.redemption_id)) then
          raise exception 'attempt % needs an approval', new.id using errcode = 'UK008';
        end if;
      elsif current_user = 'uketori_console' and new.state <> old.state then
        raise exception 'the console changes attempts by approval only' using errcode = '42501';
      end if;
      return new;
    end $$;

    alter table grants add column deadline_by uuid references approvals;
    create function check_grant_change() returns trigger language plpgsql as $$
    begin
      if current_user = 'uketori_console' then
        if new.deadline_at <> old.deadline_at
          and (new.deadline_at < old.deadline_at or new.deadline_by is not distinct from old.deadline_by
            or not is_approved(new.deadline_by, array['extend'], new.id, null)) then
          raise exception 'the deadline of grant % moves later, by approval', new.id using errcode = 'UK008';
        end if;
        if (new.link_digest is distinct from old.link_digest or new.link_key_id <> old.link_key_id)
          and new.link_generation <> old.link_generation + 1 then
          raise exception 'a new link is a new generation' using errcode = 'UK004';
        end if;
        if new.link_generation not in (old.link_generation, old.link_generation + 1) then
          raise exception 'a link generation goes up by one' using errcode = 'UK004';
        end if;
      end if;
      return new;
    end $$;
    create trigger grants_change before update on grants for each row execute function check_grant_change();

    grant execute on function is_approved, check_grant_change to uketori_console, uketori_web, uketori_worker;
    grant select (id, campaign_id, state, grant_id) on approvals to uketori_web, uketori_worker;
    grant select on approval_items to uketori_web, uketori_worker;

    grant insert on journal_entries, postings, redemptions, codes to uketori_console;
    -- Its own calls to providers (cancel, funds) keep to the shared slots.
    grant insert, update on provider_states to uketori_console;
    grant update (lock_token, frozen_at, frozen_until, deadline_at, deadline_by, link_generation, link_digest, link_key_id, channel)
      on grants to uketori_console;
    grant update (contact_sealed, contact_key_id, index_key_id, name_index, kana_index, phone_index, mail_index)
      on recipients to uketori_console;
    grant update (state, state_at) on redemptions to uketori_console;
    grant update (returned_at) on codes to uketori_console;
    grant update (state, reason, detail, leased_until, handed_over_at, settled_at, reopened_by, settled_by, voided_by, void_reason, voided_at)
      on issuances to uketori_console;
  `.execute(db);
}
