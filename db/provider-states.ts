import { sql } from 'kysely';
import type { Db, Trx } from './database';

/** The provider throttled us: nobody sends for a while. Counts from the database's own clock, as the slots do. */
export async function pauseSending(trx: Trx, { provider, pauseMs }: { provider: string; pauseMs: number }): Promise<void> {
  await sql`
    insert into provider_states as s (provider, next_slot_at)
      values (${provider}, clock_timestamp() + ${pauseMs} * interval '1 millisecond')
    on conflict (provider) do update set next_slot_at = greatest(s.next_slot_at, excluded.next_slot_at)
  `.execute(trx);
}

/** Until when a provider is left alone; null while it is in service. */
export async function findClosedUntil(db: Db | Trx, provider: string): Promise<Date | null> {
  const row = await db.selectFrom('provider_states').select('closed_until').where('provider', '=', provider).executeTakeFirst();
  return row?.closed_until ?? null;
}

/** The provider answered: trouble is over. Writes only when that is news, so that answers do not queue for one row. */
export async function recordAnswer(trx: Trx, { provider, now }: { provider: string; now: Date }): Promise<void> {
  const state = await trx
    .selectFrom('provider_states')
    .select(['trouble_count', 'last_ok_at'])
    .where('provider', '=', provider)
    .executeTakeFirst();
  const fresh = state?.last_ok_at != null && now.getTime() - state.last_ok_at.getTime() < FRESH_MS;
  if (state && state.trouble_count === 0 && fresh) return;
  await trx
    .insertInto('provider_states')
    .values({ provider, last_ok_at: now })
    .onConflict((oc) => oc.column('provider').doUpdateSet({ trouble_count: 0, trouble_since: null, closed_until: null, last_ok_at: now }))
    .execute();
}

const FRESH_MS = 10_000;

/** An answer stayed away. `closeForMs` says, by the new count in a row, how long to leave the provider alone (0: not yet). */
export async function recordTrouble(
  trx: Trx,
  { provider, now, closeForMs }: { provider: string; now: Date; closeForMs: (count: number) => number },
): Promise<void> {
  const { rows } = await sql<{ trouble_count: number }>`
    insert into provider_states as s (provider, trouble_count, trouble_since) values (${provider}, 1, ${now})
    on conflict (provider) do update set trouble_count = s.trouble_count + 1, trouble_since = coalesce(s.trouble_since, ${now})
    returning trouble_count
  `.execute(trx);
  const closedMs = closeForMs(rows[0]?.trouble_count ?? 0);
  if (closedMs > 0) {
    await trx
      .updateTable('provider_states')
      .set({ closed_until: new Date(now.getTime() + closedMs) })
      .where('provider', '=', provider)
      .execute();
  }
}
