import { type Kysely, sql } from 'kysely';

/** What the public page "is this message real?" may see of messages: that one with a link went to a keyed digest. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    grant select (grant_id, campaign_id, link_generation, address_digest, attempts) on messages to uketori_web
  `.execute(db);
}
