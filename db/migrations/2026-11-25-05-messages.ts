import { type Kysely, sql } from 'kysely';

/** Messages to recipients, and that their links were opened. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`select 1`.execute(db);
}
