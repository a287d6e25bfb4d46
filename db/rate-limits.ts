import { sql } from 'kysely';
import type { Db } from './database';

/** Removes counts whose window has passed. Counts the seconds of the machine, as the limiter does. */
export async function forgetOldLimits(db: Db): Promise<void> {
  await sql`delete from rate_limits where expire < extract(epoch from clock_timestamp()) * 1000`.execute(db);
}
