import { listStrayMessages } from '#db/messages';
import { inTransaction } from '#db/transaction';
import type { Portal, Sending } from '../portal';

/**
 * Finds messages that nobody works on any more (a worker died, a job was lost) or whose channel has come, and queues
 * a job for each. One sweep runs at a time, whichever worker starts it.
 * @returns how many were queued
 */
export async function sweepMessages(portal: Portal, sending: Sending, { limit = 500 }: { limit?: number } = {}): Promise<number> {
  return inTransaction(portal.db, async (trx) => {
    const ids = await listStrayMessages(trx, { now: portal.clock.now(), kinds: [...sending.channels.keys()], limit });
    for (const messageId of ids) await portal.enqueue(trx, { name: 'send-message', messageId, delayMs: 0 });
    return ids.length;
  });
}
