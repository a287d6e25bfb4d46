import { type Kysely, sql } from 'kysely';

/** A reminder that surely failed goes out by the other channel; nobody is reminded twice in a round otherwise. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    -- At any time one at most of a round that has not surely failed ("unknown" may have arrived) …
    drop index messages_one_reminder;
    create unique index messages_one_reminder on messages (grant_id, reminder_for, reminder_step)
      where purpose = 'reminder' and state <> 'hard_failed';
    -- … and one at all by each channel, whatever became of it.
    create unique index messages_reminder_channel on messages (grant_id, reminder_for, reminder_step, channel) where purpose = 'reminder';
    -- Reminders that failed, for the other channel.
    create index messages_reminder_failed on messages (wave_id, id) where purpose = 'reminder' and state = 'hard_failed';
  `.execute(db);
}
