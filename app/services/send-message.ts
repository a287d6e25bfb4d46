import type { CallOptions, SendOutcome } from '#adapters/channels/port';
import type { Portal, Sending } from '../portal';
import { TURN_PATIENCE_MS } from './parts/channel-turn';
import { type ClaimedMessage, claimMessage } from './parts/claim-message';
import { settleMessage } from './parts/settle-message';

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
  const claimed = await claimMessage(portal, { messageId, sending, patienceMs: wait && TURN_PATIENCE_MS });
  if (!claimed) return 'nothing_to_do';
  if (claimed === 'later') return 'later';
  if (wait && claimed.waitMs > 0) await wait(claimed.waitMs);
  await settleMessage(portal, { claimed, outcome: await ask(claimed, { now: portal.clock.now(), signal }) });
  return 'asked';
}

async function ask({ channel, question, message, outgoing }: ClaimedMessage, options: CallOptions): Promise<SendOutcome> {
  const { connection } = channel;
  if (question === 'send' || !connection.lookup) return connection.send(outgoing, options);
  const asked = { ...outgoing, reference: message.reference };
  const taken = question === 'cancel' ? await connection.cancel?.(asked, options) : null;
  return taken ?? connection.lookup(asked, options);
}
