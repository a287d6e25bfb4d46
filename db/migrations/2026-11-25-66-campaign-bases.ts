import { type Kysely, sql } from 'kysely';

/**
 * A programme is changed from the version that somebody had before them, never from an older one; and what one person may
 * do alone, and the most of a grant, are raised by two people only, whenever it is.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    -- Whether a policy lets one person alone do more than another one. What it does not name takes two: -1.
    create function is_laxer_policy(old jsonb, new jsonb) returns boolean language sql immutable as $$
      select coalesce((new->>'exportRowsAlone')::bigint, 100) > coalesce((old->>'exportRowsAlone')::bigint, 100)
        or coalesce((new->>'extensionDaysMost')::bigint, 90) > coalesce((old->>'extensionDaysMost')::bigint, 90)
        or exists (select 1 from jsonb_each_text(coalesce(new->'freeUpToYen', '{}')) as n
          where coalesce(n.value::bigint, -1) > coalesce((old->'freeUpToYen'->>n.key)::bigint, -1))
    $$;

    drop function change_campaign(text, jsonb, text, text, timestamptz, uuid);
    create function change_campaign(campaign text, content jsonb, why text, who text, at_instant timestamptz, approval uuid, base integer)
      returns integer language plpgsql security definer set search_path = pg_catalog, public as $$
    declare
      old record;
      part text;
      later timestamptz := (content->>'redeemUntil')::timestamptz;
      two boolean := false;
    begin
      perform pg_advisory_xact_lock(hashtextextended('campaign ' || campaign, 0));
      select c.settings, c.redeem_until, c.grant_ceiling_yen,
          (select coalesce(max(v.version), 0) from campaign_versions v where v.campaign_id = c.id) as version
        into old from campaigns c where c.id = campaign for update;
      if not found then
        -- One person makes it, so it begins strict.
        if is_laxer_policy('{}', content->'settings'->'policy') then
          raise exception 'what one may do alone in % is raised by two people', campaign using errcode = 'UK008';
        end if;
        return store_campaign(campaign, content, why, who, at_instant, null);
      end if;
      if base is distinct from old.version then
        raise exception '% is at version %, not %', campaign, old.version, base using errcode = 'UK009';
      end if;
      if is_campaign_started(campaign) then
        two := later <> old.redeem_until;
        foreach part in array array['claims', 'incident', 'coupon', 'sending'] loop
          two := two or (content->'settings'->part) is distinct from (old.settings->part);
        end loop;
      end if;
      two := two or (content->>'grantCeilingYen')::bigint > old.grant_ceiling_yen
        or is_laxer_policy(coalesce(old.settings->'policy', '{}'), content->'settings'->'policy');
      if two and not exists (select 1 from approvals a where a.id = approval and a.state = 'approved' and a.act = 'change_campaign'
          and a.subject_kind = 'campaign' and a.subject_id = campaign and a.campaign_id = campaign
          and (a.plan #>> '{input,content}')::jsonb = content and (a.plan #>> '{input,base}')::integer = base) then
        raise exception 'dates and limits of % change by two people', campaign using errcode = 'UK008';
      end if;
      if later <> old.redeem_until and exists (select 1 from grants where campaign_id = campaign) then
        if later < old.redeem_until or at_instant >= old.redeem_until then
          raise exception 'the deadline of % moves later, before it has passed', campaign using errcode = 'UK005';
        end if;
        -- Whoever has a later day of their own keeps it.
        update grants set deadline_at = later where campaign_id = campaign and deadline_at < later;
      end if;
      return store_campaign(campaign, content, why, who, at_instant, approval);
    end $$;

    revoke all on function is_laxer_policy, change_campaign from public;
    grant execute on function change_campaign to uketori_console;
  `.execute(db);
}
