import { type Kysely, sql } from 'kysely';

/** An invitation that is half done: the password that was chosen waits here until the authenticator is confirmed. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table staff_invitations add column password_hash text check (password_hash like '$argon2id$%');
    grant update (password_hash) on staff_invitations to uketori_console;
  `.execute(db);
}
