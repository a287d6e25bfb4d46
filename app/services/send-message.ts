import type { Portal, Sending } from '../portal';
import { claimMessage } from './parts/claim-message';
import { settleMessage } from './parts/settle-message';

/** A worker's hand waits this long for its slot; what lies further ahead goes back into the queue. */
const SLOT_PATIENCE_MS = 2_000;

/**
 * Sends one message: transaction A claims it with a lease, the channel is called outside any transaction,
 * transaction B settles its answer. It may be repeated and crash anywhere: what was claimed and not settled counts
 * as unknown and is looked at, never sent a second time blindly.
 * With `wait` it keeps to the channel's rate over all workers together.
 * @returns what happened, for the log and the tests
 */
export async function sendMessage(
  portal: Portal,
  { messageId }: { messageId: string },
  { sending, signal, wait }: { sending: Sending; signal?: AbortSignal; wait?: (ms: number) => Promise<void> },
): Promise<'nothing_to_do' | 'later' | 'asked'> {
  const claimed = await claimMessage(portal, { messageId, sending, patienceMs: wait && SLOT_PATIENCE_MS });
  if (!claimed) return 'nothing_to_do';
  if (claimed === 'later') return 'later';
  if (wait && claimed.waitMs > 0) await wait(claimed.waitMs);
  const { connection } = claimed.channel;
  const options = { now: portal.clock.now(), signal };
  const outcome =
    claimed.question === 'lookup' && connection.lookup
      ? await connection.lookup({ ...claimed.outgoing, reference: claimed.message.reference }, options)
      : await connection.send(claimed.outgoing, options);
  await settleMessage(portal, { claimed, outcome });
  return 'asked';
}
