import { type Kysely, sql } from 'kysely';

/** What people are found by: prefixes under the index key. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`select 1`.execute(db);
}
