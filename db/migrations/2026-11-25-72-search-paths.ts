import { type Kysely, sql } from 'kysely';

/**
 * PostgreSQL looks for a table among the session's temporary ones first, also within a function that names its search
 * path, unless that path says otherwise. The console's role may make temporary tables: with one called `approvals` it
 * could forge what stands as approved, and with a trigger of its own on it act as the owner. Every function looks there
 * last now, those that run as their caller as well.
 * https://www.postgresql.org/docs/current/sql-createfunction.html#SQL-CREATEFUNCTION-SECURITY
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    do $$
    declare
      each regprocedure;
    begin
      for each in select p.oid from pg_proc p where p.pronamespace = 'public'::regnamespace and p.prokind = 'f' loop
        execute format('alter function %s set search_path = pg_catalog, public, pg_temp', each);
      end loop;
    end $$;
  `.execute(db);
}
