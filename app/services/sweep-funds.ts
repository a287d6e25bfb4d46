import type { Portal } from '../portal';

/** How old an answer may be before it is asked for again. */
const STALE_MS = 9 * 60_000;

/** Finds the providers whose funds were not asked for lately; a job asks each. */
export async function sweepFunds(portal: Portal): Promise<void> {
  const known = await portal.db.selectFrom('provider_funds').select(['provider', 'asked_at']).execute();
  const now = portal.clock.now().getTime();
  const due = [...portal.providers.values()].filter(({ id, capabilities }) => {
    const asked = known.find(({ provider }) => provider === id)?.asked_at;
    return capabilities.funds && (!asked || now - asked.getTime() > STALE_MS);
  });
  await portal.db.transaction().execute(async (trx) => {
    for (const { id } of due) await portal.enqueue(trx, { name: 'ask-funds', providerId: id, delayMs: 0 });
  });
}
