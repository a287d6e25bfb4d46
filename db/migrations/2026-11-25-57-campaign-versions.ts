import { type Kysely, sql } from 'kysely';

/**
 * Programmes as they were set up, in versions that stay. The console may store none by itself: it calls
 * `change_campaign`, which asks for a second person where people were told dates already.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table campaign_versions (
      campaign_id text not null references campaigns,
      version integer not null check (version between 1 and 9999),
      -- The whole of it: settings, redeemUntil (exclusive), grantCeilingYen, offers.
      content jsonb not null,
      note text not null check (length(note) <= 500),
      made_by text not null,
      made_at timestamptz not null,
      approval_id uuid references approvals,
      primary key (campaign_id, version)
    );
    create trigger campaign_versions_stay before update or delete or truncate on campaign_versions
      for each statement execute function refuse_change();

    -- Writes a programme and its offers, and keeps the version. Offers that are no longer named are paused, for redemptions
    -- and bought codes refer to them.
    create function store_campaign(campaign text, content jsonb, why text, who text, at_instant timestamptz, approval uuid)
      returns integer language plpgsql set search_path = pg_catalog, public as $$
    declare
      n integer;
      named integer := jsonb_array_length(content->'offers');
    begin
      insert into campaigns as c (id, settings, redeem_until, grant_ceiling_yen, created_at)
        values (campaign, content->'settings', (content->>'redeemUntil')::timestamptz, (content->>'grantCeilingYen')::bigint, at_instant)
        on conflict (id) do update set settings = excluded.settings, redeem_until = excluded.redeem_until,
          grant_ceiling_yen = excluded.grant_ceiling_yen;
      -- Positions are unique: out of the way first, then in their new order.
      update offers set position = position + 1000 where campaign_id = campaign;
      insert into offers as o (campaign_id, provider, position, label, amount, source)
        select campaign, e.offer->>'provider', e.n, e.offer->'label', e.offer->'amount', e.offer->>'source'
          from jsonb_array_elements(content->'offers') with ordinality as e(offer, n)
        on conflict (campaign_id, provider) do update set position = excluded.position, label = excluded.label, amount = excluded.amount,
          source = excluded.source;
      update offers o set position = named + d.n, paused_at = coalesce(o.paused_at, at_instant)
        from (select provider, row_number() over (order by position) as n from offers where campaign_id = campaign and position > 1000) d
        where o.campaign_id = campaign and o.provider = d.provider;
      select coalesce(max(version), 0) + 1 into n from campaign_versions where campaign_id = campaign;
      insert into campaign_versions (campaign_id, version, content, note, made_by, made_at, approval_id)
        values (campaign, n, content, why, who, at_instant, approval);
      return n;
    end $$;

    -- Whether people were told anything by it already.
    create function is_campaign_started(campaign text) returns boolean language sql stable as $$
      select exists (select 1 from grants where campaign_id = campaign) or exists (select 1 from coupons where campaign_id = campaign)
        or exists (select 1 from claims where campaign_id = campaign)
    $$;

    create function change_campaign(campaign text, content jsonb, why text, who text, at_instant timestamptz, approval uuid)
      returns integer language plpgsql security definer set search_path = pg_catalog, public as $$
    declare
      old record;
      dated text[] := array['claims', 'incident', 'coupon', 'sending'];
      part text;
      later timestamptz := (content->>'redeemUntil')::timestamptz;
      dates boolean := false;
    begin
      perform pg_advisory_xact_lock(hashtextextended('campaign ' || campaign, 0));
      select c.settings, c.redeem_until into old from campaigns c where c.id = campaign for update;
      if not found then
        return store_campaign(campaign, content, why, who, at_instant, null);
      end if;
      dates := later <> old.redeem_until;
      foreach part in array dated loop
        dates := dates or (content->'settings'->part) is distinct from (old.settings->part);
      end loop;
      if is_campaign_started(campaign) and dates then
        if not exists (select 1 from approvals a where a.id = approval and a.state = 'approved' and a.act = 'change_campaign'
            and a.subject_kind = 'campaign' and a.subject_id = campaign and a.campaign_id = campaign
            and (a.plan #>> '{input,content}')::jsonb = content) then
          raise exception 'dates of % change by two people', campaign using errcode = 'UK008';
        end if;
        if exists (select 1 from grants where campaign_id = campaign) and later <> old.redeem_until then
          if later < old.redeem_until or at_instant >= old.redeem_until then
            raise exception 'the deadline of % moves later, before it has passed', campaign using errcode = 'UK005';
          end if;
          -- Whoever has a later day of their own keeps it.
          update grants set deadline_at = later where campaign_id = campaign and deadline_at < later;
        end if;
      end if;
      return store_campaign(campaign, content, why, who, at_instant, approval);
    end $$;

    insert into campaign_versions (campaign_id, version, content, note, made_by, made_at)
      select c.id, 1, jsonb_build_object('settings', c.settings, 'redeemUntil', c.redeem_until, 'grantCeilingYen', c.grant_ceiling_yen,
          'offers', coalesce((select jsonb_agg(jsonb_build_object('provider', o.provider, 'label', o.label, 'amount', o.amount, 'source', o.source)
            order by o.position) from offers o where o.campaign_id = c.id), '[]'::jsonb)), '', 'system', c.created_at from campaigns c;

    revoke all on function store_campaign, change_campaign, is_campaign_started from public;
    grant execute on function change_campaign, is_campaign_started to uketori_console;
    grant select on campaign_versions to uketori_console;
  `.execute(db);
}
