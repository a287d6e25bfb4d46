import { listStrayApprovals } from '#db/stray-approvals';
import { inTransaction } from '#db/transaction';
import type { Portal } from '../portal';
import { jobOfApproval } from './parts/approval-job';

/**
 * Finds approved acts that nobody goes on with (a job was lost, or given up after its tries) and queues a job for
 * each; every such job may be repeated. One sweep runs at a time. @returns how many were queued
 */
export async function sweepApprovals(portal: Portal, { limit = 100 }: { limit?: number } = {}): Promise<number> {
  return inTransaction(portal.db, async (trx) => {
    const jobs = (await listStrayApprovals(trx, { now: portal.clock.now(), limit })).flatMap((stray) => jobOfApproval(stray) ?? []);
    for (const job of jobs) await portal.enqueue(trx, job);
    return jobs.length;
  });
}
