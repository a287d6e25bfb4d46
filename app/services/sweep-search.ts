import { takeUnqueued } from '#db/search';
import { inTransaction } from '#db/transaction';
import type { Portal } from '../portal';

/** After so long a batch that is still there is asked for again: its job is lost, or its contacts could not be read. */
const AGAIN_MS = 10 * 60_000;
const BATCHES_AT_ONCE = 50;

/** Finds people who wait to be filed and asks for a job for each batch. @returns how many batches */
export async function sweepSearch(portal: Pick<Portal, 'db' | 'clock' | 'enqueue'>): Promise<number> {
  const now = portal.clock.now();
  return inTransaction(portal.db, async (trx) => {
    const ids = await takeUnqueued(trx, { now, before: new Date(now.getTime() - AGAIN_MS), limit: BATCHES_AT_ONCE });
    for (const batchId of ids) await portal.enqueue(trx, { name: 'index-recipients', batchId, delayMs: 0 });
    return ids.length;
  });
}
