import { type Kysely, sql } from 'kysely';

/** Files made for staff, each taken once. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`select 1`.execute(db);
}
