import { type Kysely, sql } from 'kysely';

/** The rehearsal's outbox finds an applicant's mails by their address: which mail is about which claim, and nothing of either. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`grant select (id, claim_id) on claim_mails to uketori_web`.execute(db);
}
