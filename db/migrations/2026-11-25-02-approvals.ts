import { type Kysely, sql } from 'kysely';

/**
 * Acts of staff that take two people: what is proposed, who decided, and that nothing of it can be done without.
 * `approvals` are proposals with their decision; `approval_items` the things that one proposal acts on.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table approvals (
      id uuid primary key,
      campaign_id text not null references campaigns,
      act text not null check (act ~ '^[a-z][a-z_]{2,39}$'),
      subject_kind text not null,
      subject_id text not null,
      -- The one grant it is about; null for many (items) or for none.
      grant_id uuid,
      yen bigint not null check (yen >= 0),
      -- What will happen, before → after, as it was shown to both people. Never an address, a name or a code.
      plan jsonb not null,
      -- What the plan needs and nobody may read in the table: a new address.
      secret_sealed bytea,
      secret_key_id text,
      reason text not null check (reason ~ '^[a-z][a-z_]{1,39}$'),
      note text not null check (length(note) <= 500),
      state text not null check (state in ('proposed', 'approved', 'refused', 'withdrawn', 'expired', 'void', 'done', 'failed')),
      proposed_by uuid not null references staff,
      proposed_at timestamptz not null,
      expires_at timestamptz not null,
      -- Why one person is enough: the amount is within the campaign's policy.
      free_rule text check (free_rule = 'within_policy'),
      decided_by uuid references staff,
      decided_at timestamptz,
      decision_note text check (length(decision_note) <= 500),
      paused_at timestamptz,
      ended_at timestamptz,
      outcome text,
      unique (id, campaign_id),
      foreign key (grant_id, campaign_id) references grants (id, campaign_id),
      check (decided_by is null or decided_by <> proposed_by),
      check (decided_by is null or free_rule is null),
      check ((secret_sealed is null) = (secret_key_id is null)),
      check (state in ('proposed', 'withdrawn', 'expired', 'void') or free_rule is not null or decided_by is not null),
      check ((state in ('done', 'failed', 'refused', 'withdrawn', 'expired', 'void')) = (ended_at is not null))
    );
    -- One thing is proposed for one subject at a time.
    create unique index approvals_one_live on approvals (subject_kind, subject_id) where state in ('proposed', 'approved');
    create index approvals_waiting on approvals (campaign_id, expires_at, id) where state = 'proposed';
    create index approvals_running on approvals (id) where state = 'approved';
    create index approvals_grant on approvals (grant_id, proposed_at) where grant_id is not null;

    create table approval_items (
      approval_id uuid not null,
      position integer not null check (position > 0),
      campaign_id text not null,
      grant_id uuid not null,
      redemption_id uuid not null,
      yen bigint not null check (yen > 0),
      state text not null default 'waiting' check (state in ('waiting', 'done', 'skipped')),
      -- Why it was skipped.
      outcome text,
      at timestamptz,
      primary key (approval_id, position),
      unique (approval_id, redemption_id),
      foreign key (approval_id, campaign_id) references approvals (id, campaign_id),
      foreign key (grant_id, campaign_id) references grants (id, campaign_id),
      foreign key (redemption_id, grant_id) references redemptions (id, grant_id),
      check ((state = 'waiting') = (at is null))
    );
    create index approval_items_redemption on approval_items (redemption_id);

    create function check_new_approval() returns trigger language plpgsql as $$
    begin
      if new.state = 'approved' then
        -- Alone only within the campaign's own policy. Nothing set: nothing is free.
        if new.free_rule is null or new.decided_by is not null or new.yen > coalesce(
            (select (settings #>> array['policy', 'freeUpToYen', new.act])::bigint from campaigns where id = new.campaign_id), -1) then
          raise exception 'act % on % yen needs a second person', new.act, new.yen using errcode = 'UK008';
        end if;
      elsif new.state <> 'proposed' or new.decided_by is not null or new.free_rule is not null then
        raise exception 'an approval starts as a proposal' using errcode = 'UK004';
      end if;
      return new;
    end $$;
    create trigger approvals_new before insert on approvals for each row execute function check_new_approval();

    create function check_approval_change() returns trigger language plpgsql as $$
    begin
      if (new.id, new.campaign_id, new.act, new.subject_kind, new.subject_id, new.grant_id, new.yen, new.plan, new.reason, new.note,
          new.proposed_by, new.proposed_at, new.expires_at, new.free_rule)
        is distinct from
         (old.id, old.campaign_id, old.act, old.subject_kind, old.subject_id, old.grant_id, old.yen, old.plan, old.reason, old.note,
          old.proposed_by, old.proposed_at, old.expires_at, old.free_rule)
        or (old.decided_by is not null and new.decided_by is distinct from old.decided_by) then
        raise exception 'a proposal cannot change' using errcode = 'UK003';
      end if;
      if new.state <> old.state and (old.state, new.state) not in (
        ('proposed', 'approved'), ('proposed', 'refused'), ('proposed', 'withdrawn'), ('proposed', 'expired'), ('proposed', 'void'),
        ('approved', 'done'), ('approved', 'failed')) then
        raise exception 'an approval cannot go from % to %', old.state, new.state using errcode = 'UK004';
      end if;
      if old.state = 'proposed' and new.state in ('approved', 'refused') then
        if new.decided_at >= new.expires_at then
          raise exception 'the proposal has ended' using errcode = 'UK005';
        end if;
        if not exists (select 1 from staff where id = new.decided_by and role = 'approver' and disabled_at is null) then
          raise exception 'only an approver decides' using errcode = 'UK008';
        end if;
      end if;
      return new;
    end $$;
    create trigger approvals_change before update on approvals for each row execute function check_approval_change();

    create function check_item_change() returns trigger language plpgsql as $$
    begin
      if (new.approval_id, new.position, new.campaign_id, new.grant_id, new.redemption_id, new.yen)
        is distinct from (old.approval_id, old.position, old.campaign_id, old.grant_id, old.redemption_id, old.yen)
        or old.state <> 'waiting' then
        raise exception 'an item is done once' using errcode = 'UK003';
      end if;
      return new;
    end $$;
    create trigger approval_items_change before update on approval_items for each row execute function check_item_change();

    create trigger approvals_stay before delete or truncate on approvals for each statement execute function refuse_change();
    create trigger approval_items_stay before delete or truncate on approval_items for each statement execute function refuse_change();

    grant select, insert on approvals, approval_items to uketori_console;
    grant update (state, decided_by, decided_at, decision_note, paused_at, ended_at, outcome, secret_sealed, secret_key_id)
      on approvals to uketori_console;
    grant update (state, outcome, at) on approval_items to uketori_console;
    grant execute on function check_new_approval, check_approval_change, check_item_change to uketori_console;
  `.execute(db);
}
