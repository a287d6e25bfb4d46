import { listStrayClaimMails } from '#db/claim-mails';
import { inTransaction } from '#db/transaction';
import type { Portal, Sending } from '../portal';
import { leaseMs } from './parts/lease';

/**
 * Finds mails to applicants that nobody works on any more and queues a job for each. One sweep runs at a time.
 * @returns how many were queued
 */
export async function sweepClaimMails(
  portal: Pick<Portal, 'db' | 'clock' | 'enqueue'>,
  sending: Sending,
  { limit = 500 }: { limit?: number } = {},
): Promise<number> {
  const channel = sending.channels.get('mail');
  if (!channel) return 0;
  return inTransaction(portal.db, async (trx) => {
    const ids = await listStrayClaimMails(trx, { now: portal.clock.now(), leaseMs: leaseMs(channel.capabilities), limit });
    for (const mailId of ids) await portal.enqueue(trx, { name: 'send-claim-mail', mailId, delayMs: 0 });
    return ids.length;
  });
}
