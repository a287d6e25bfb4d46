import { type Kysely, sql } from 'kysely';

/**
 * The double-entry ledger. Every posting names its account: the fund of a campaign, or one of the
 * accounts that belong to a grant (grant, pending and issued per redemption, lapsed). A balance is the
 * sum of postings; no table holds one.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table journal_entries (
      id uuid primary key,
      campaign_id text not null references campaigns,
      kind text not null check (kind in ('granted', 'accepted', 'issued', 'returned', 'lapsed', 'voided', 'corrected')),
      grant_id uuid,
      redemption_id uuid,
      code_id uuid,
      actor text not null,
      reason text,
      at timestamptz not null,
      unique (id, campaign_id),
      foreign key (grant_id, campaign_id) references grants (id, campaign_id)
    );
    create index journal_entries_grant on journal_entries (grant_id) where grant_id is not null;

    create table postings (
      entry_id uuid not null,
      position integer not null check (position > 0),
      campaign_id text not null,
      account text not null check (account in ('fund', 'grant', 'pending', 'issued', 'lapsed')),
      grant_id uuid,
      redemption_id uuid,
      provider text,
      yen bigint not null check (yen <> 0),
      primary key (entry_id, position),
      foreign key (entry_id, campaign_id) references journal_entries (id, campaign_id),
      foreign key (grant_id, campaign_id) references grants (id, campaign_id),
      check ((account = 'fund') = (grant_id is null)),
      check ((account in ('pending', 'issued')) = (redemption_id is not null)),
      check ((account in ('pending', 'issued')) = (provider is not null))
    );
    create index postings_grant on postings (grant_id) where grant_id is not null;

    -- All postings of an entry are written by one statement, so the sum is checked at once: also under COPY.
    create function check_postings() returns trigger language plpgsql as $$
    declare
      wrong record;
    begin
      -- With an older snapshot the sums below could miss what a quicker taker has just committed.
      if current_setting('transaction_isolation') <> 'read committed' then
        raise exception 'the ledger is written under read committed only' using errcode = 'UK007';
      end if;
      -- New money comes from the fund, and only the owner's command line makes it.
      if current_user in ('uketori_web', 'uketori_worker') and exists (select 1 from new_postings where account = 'fund') then
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
      if current_user in ('uketori_web', 'uketori_worker') then
        select n.entry_id into wrong
          from new_postings n join journal_entries e on e.id = n.entry_id
          where not (
            (current_user = 'uketori_web' and (
              (e.kind = 'accepted' and ((n.account = 'grant' and n.yen < 0) or (n.account = 'pending' and n.yen > 0)))
              or (e.kind = 'returned' and ((n.account = 'pending' and n.yen < 0) or (n.account = 'grant' and n.yen > 0)))))
            or (current_user = 'uketori_worker' and (
              (e.kind = 'issued' and ((n.account = 'pending' and n.yen < 0) or (n.account = 'issued' and n.yen > 0)))
              or (e.kind = 'lapsed' and ((n.account = 'grant' and n.yen < 0) or (n.account = 'lapsed' and n.yen > 0)))))
            ) or (e.kind <> 'lapsed' and (n.grant_id <> e.grant_id or coalesce(n.redemption_id <> e.redemption_id, false)))
              or (e.kind = 'lapsed' and exists (select 1 from grants g where g.id = n.grant_id and g.deadline_at > e.at))
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
    create trigger postings_balance after insert on postings
      referencing new table as new_postings for each statement execute function check_postings();

    create function refuse_change() returns trigger language plpgsql as $$
    begin
      raise exception '% is append-only: % refused', tg_table_name, tg_op using errcode = 'UK003';
    end $$;
    create trigger journal_entries_append_only before update or delete or truncate on journal_entries
      for each statement execute function refuse_change();
    create trigger postings_append_only before update or delete or truncate on postings
      for each statement execute function refuse_change();
  `.execute(db);
}
