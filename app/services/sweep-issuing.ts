import { listStrayCodes } from '#db/strays';
import { inTransaction } from '#db/transaction';
import type { Portal } from '../portal';

/**
 * Finds codes whose issuing nobody works on any more (a worker died, a job was lost) and queues a job
 * for each. One sweep runs at a time, whichever worker starts it.
 * @returns how many were queued
 */
export async function sweepIssuing(portal: Portal, { limit = 500 }: { limit?: number } = {}): Promise<number> {
  return inTransaction(portal.db, async (trx) => {
    const strays = await listStrayCodes(trx, { now: portal.clock.now(), limit });
    for (const stray of strays) {
      await portal.enqueue(trx, { name: 'issue-code', provider: stray.provider, codeId: stray.codeId, delayMs: 0 });
    }
    return strays.length;
  });
}
