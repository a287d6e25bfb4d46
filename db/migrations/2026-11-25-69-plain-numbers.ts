import { type Kysely, sql } from 'kysely';

/**
 * Numbers as people say them (capitals, no hyphens), and what is filed of people, found by their indexes again. Behind row
 * security PostgreSQL uses an index only for what can leak nothing: `upper`, `replace` and `&&` are not known for that, so
 * every search by staff read all rows. Plain numbers become columns, compared as they stand; the filed tokens are looked
 * up by a function of the owner, which keeps to the campaigns that the connection works for.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table grants
      add plain_number text not null generated always as (upper(replace(number, '-', ''))) stored,
      add plain_inquiry text generated always as (upper(replace(inquiry_number, '-', ''))) stored;
    drop index grants_number_form;
    drop index grants_inquiry_form;
    create index grants_plain_number on grants (campaign_id, plain_number text_pattern_ops);
    create index grants_plain_inquiry on grants (campaign_id, plain_inquiry text_pattern_ops) where plain_inquiry is not null;

    alter table coupons add plain_number text not null generated always as (upper(replace(inquiry_number, '-', ''))) stored;
    drop index coupons_plain_number;
    create unique index coupons_plain_number on coupons (plain_number, campaign_id);

    -- The same function, by the column: the index it went by is gone.
    do $$
    declare
      was text := pg_get_functiondef('grant_claim'::regproc);
    begin
      execute replace(replace(was, 'upper(replace(p.inquiry_number, ''-'', ''''))', 'p.plain_number'),
        'upper(replace(inquiry_number, ''-'', ''''))', 'plain_number');
    end $$;

    create function find_filed(one bigint[], two bigint[], campaigns text[], most integer)
      returns setof uuid language plpgsql stable security definer set search_path = pg_catalog, public as $$
    declare
      own constant text := coalesce(nullif(current_setting('uketori.campaigns', true), ''), '*');
      allowed constant text[] := case when own = '*' then campaigns
        when campaigns is null then string_to_array(own, ' ')
        else array(select unnest(campaigns) intersect select unnest(string_to_array(own, ' '))) end;
    begin
      if two is null then
        return query select e.recipient_id from search_entries e
          where e.tokens && one and (allowed is null or e.campaign_id = any(allowed)) limit most;
      else
        return query select e.recipient_id from search_entries e
          where e.tokens && one and e.tokens && two and (allowed is null or e.campaign_id = any(allowed)) limit most;
      end if;
    end $$;
    revoke all on function find_filed from public;
    grant execute on function find_filed to uketori_console;
  `.execute(db);
}
