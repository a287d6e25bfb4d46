import { type Kysely, sql } from 'kysely';

/**
 * A new grant has its programme's deadline or a later one. Moving the deadline moves all grants there are; one that was
 * being written meanwhile, with the deadline of before, would be missed and lapse early.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create function check_new_deadlines() returns trigger language plpgsql set search_path = pg_catalog, public, pg_temp as $$
    declare
      wrong record;
    begin
      select n.id into wrong from new_grants n join campaigns c on c.id = n.campaign_id where n.deadline_at < c.redeem_until limit 1;
      if found then
        raise exception 'grant % would lapse before its programme', wrong.id using errcode = 'UK009';
      end if;
      return null;
    end $$;
    create trigger grants_new_deadline after insert on grants
      referencing new table as new_grants for each statement execute function check_new_deadlines();
    revoke all on function check_new_deadlines from public;
    grant execute on function check_new_deadlines to uketori_console;

    -- The same functions; the deadline they write stands still until they have.
    do $$
    declare
      written regproc;
    begin
      foreach written in array array['grant_claim'::regproc, 'grant_case'::regproc] loop
        execute replace(replace(pg_get_functiondef(written),
          'into deadline from campaigns where id = item.campaign_id;', 'into deadline from campaigns where id = item.campaign_id for share;'),
          'into deadline from campaigns where id = own.campaign_id;', 'into deadline from campaigns where id = own.campaign_id for share;');
      end loop;
    end $$;
  `.execute(db);
}
