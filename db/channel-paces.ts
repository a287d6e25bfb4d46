import { sql } from 'kysely';
import type { Db } from './database';

/**
 * Takes the next free slot of a channel: slots lie 1/rate apart for all processes together, by the database's own clock.
 * @returns how long to wait for the slot, in ms; null when it lies further ahead than `patienceMs` (then none is taken)
 */
export async function takeChannelSlot(
  db: Db,
  { channel, ratePerSecond, patienceMs }: { channel: string; ratePerSecond: number; patienceMs: number },
): Promise<number | null> {
  const gapMs = 1_000 / ratePerSecond;
  const { rows } = await sql<{ wait_ms: number }>`
    insert into channel_paces as p (channel, next_at)
      values (${channel}, clock_timestamp() + ${gapMs} * interval '1 millisecond')
    on conflict (channel) do update
      set next_at = greatest(p.next_at, clock_timestamp()) + ${gapMs} * interval '1 millisecond'
      where p.next_at <= clock_timestamp() + ${patienceMs} * interval '1 millisecond'
    returning extract(epoch from next_at - clock_timestamp())::float8 * 1000 - ${gapMs} as wait_ms
  `.execute(db);
  const row = rows[0];
  return row ? Math.max(0, row.wait_ms) : null;
}
