import { type Kysely, sql } from 'kysely';

/** Finds what is to be handed on to the other channel without reading every invitation that ever failed. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create index messages_falling_over on messages (state_at)
      where state = 'hard_failed' and purpose in ('resend', 'code_ready', 'code_failed', 'reissued', 'deadline_extended')
  `.execute(db);
}
