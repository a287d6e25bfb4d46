import { type Kysely, sql } from 'kysely';

/**
 * Programmes kept apart: a connection of the console that says for which it works sees and writes no row of another,
 * whatever the query asks. One that says nothing (jobs) works for all. The other roles serve everybody.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    do $$
    declare
      t record;
      own constant text := $p$coalesce(nullif(current_setting('uketori.campaigns', true), ''), '*') = '*'
        or %1$I = any(string_to_array(current_setting('uketori.campaigns', true), ' '))$p$;
    begin
      for t in
        select c.table_name as name, c.column_name as column from information_schema.columns c
          join information_schema.tables b on b.table_schema = c.table_schema and b.table_name = c.table_name and b.table_type = 'BASE TABLE'
          where c.table_schema = 'public' and (c.column_name = 'campaign_id' or (c.table_name = 'campaigns' and c.column_name = 'id'))
            -- Whom a member of staff may see is asked before it is known; an administrator sets it for all.
            -- Bought codes are loaded by COPY, which row security does not allow; nobody in the console can read one.
            and c.table_name not in ('staff_campaigns', 'stock_codes')
      loop
        execute format('alter table %I enable row level security', t.name);
        execute format('create policy for_everybody on %I to uketori_web, uketori_worker using (true) with check (true)', t.name);
        execute format('create policy own_campaigns on %I to uketori_console using (%s) with check (%s)', t.name,
          case when t.name = 'audit_entries' then format('campaign_id is null or ' || own, t.column) else format(own, t.column) end,
          case when t.name = 'audit_entries' then format('campaign_id is null or ' || own, t.column) else format(own, t.column) end);
      end loop;
    end $$;
  `.execute(db);
}
