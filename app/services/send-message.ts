import type { Portal, Sending } from '../portal';
import { claimMessage } from './parts/claim-message';
import { settleMessage } from './parts/settle-message';

/**
 * Sends one message: transaction A claims it with a lease, the channel is called outside any transaction,
 * transaction B settles its answer. It may be repeated and crash anywhere: what was claimed and not settled counts
 * as unknown and is looked at, never sent a second time blindly.
 * @returns what happened, for the log and the tests
 */
export async function sendMessage(
  portal: Portal,
  { messageId }: { messageId: string },
  { sending, signal }: { sending: Sending; signal?: AbortSignal },
): Promise<'nothing_to_do' | 'asked'> {
  const claimed = await claimMessage(portal, { messageId, sending });
  if (!claimed) return 'nothing_to_do';
  const { connection } = claimed.channel;
  const options = { now: portal.clock.now(), signal };
  const outcome =
    claimed.question === 'lookup' && connection.lookup
      ? await connection.lookup({ ...claimed.outgoing, reference: claimed.message.reference }, options)
      : await connection.send(claimed.outgoing, options);
  await settleMessage(portal, { claimed, outcome });
  return 'asked';
}
