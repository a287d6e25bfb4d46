import { sql } from 'kysely';
import type { Db, Trx } from './database';

/** Where the slots of each thing with a rate are kept: the table, whose they are, and when the next is free. */
const KEPT_IN = {
  channel: { table: 'channel_paces', owner: 'channel', next: 'next_at' },
  provider: { table: 'provider_states', owner: 'provider', next: 'next_slot_at' },
} as const;

/**
 * Takes the next free slot of a channel or a provider: slots lie 1/rate apart for all processes together, by the
 * database's own clock, for they are shared by machines whose clocks differ.
 * @returns how long to wait for the slot, in ms; null when it lies further ahead than `patienceMs` (then none is taken)
 */
export async function takeSlot(
  db: Db | Trx,
  { of, id, ratePerSecond, patienceMs }: { of: keyof typeof KEPT_IN; id: string; ratePerSecond: number; patienceMs: number },
): Promise<number | null> {
  const kept = KEPT_IN[of];
  const [table, owner, next] = [sql.table(kept.table), sql.ref(kept.owner), sql.ref(kept.next)];
  const gapMs = 1_000 / ratePerSecond;
  const { rows } = await sql<{ wait_ms: number }>`
    insert into ${table} as s (${owner}, ${next})
      values (${id}, clock_timestamp() + ${gapMs} * interval '1 millisecond')
    on conflict (${owner}) do update
      set ${next} = greatest(s.${next}, clock_timestamp()) + ${gapMs} * interval '1 millisecond'
      where s.${next} is null or s.${next} <= clock_timestamp() + ${patienceMs} * interval '1 millisecond'
    returning extract(epoch from ${next} - clock_timestamp())::float8 * 1000 - ${gapMs} as wait_ms
  `.execute(db);
  const row = rows[0];
  return row ? Math.max(0, row.wait_ms) : null;
}
