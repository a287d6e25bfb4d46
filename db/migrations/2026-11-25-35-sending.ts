import { type Kysely, sql } from 'kysely';

/** Messages that are asked about later: the sweep finds lost questions without reading everything that was ever sent. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create index messages_due on messages (due_at) where due_at is not null`.execute(db);
}
