import { listStillBulk } from '#db/bulk-items';
import { inTransaction } from '#db/transaction';
import type { Portal } from '../portal';

/** An act on many that has not moved for so long has lost its worker. */
const STILL_MS = 120_000;

/**
 * Queues approved acts on many again whose worker was killed: the queue itself would wait for hours. Two workers on
 * one do no harm, for each thing is done behind its own locks. @returns how many were queued
 */
export async function sweepBulk(portal: Portal): Promise<number> {
  const before = new Date(portal.clock.now().getTime() - STILL_MS);
  const lost = await listStillBulk(portal.db, { before, limit: 100 });
  for (const id of lost) {
    await inTransaction(portal.db, (trx) => portal.enqueue(trx, { name: 'run-bulk', approvalId: id, delayMs: 0 }));
  }
  return lost.length;
}
