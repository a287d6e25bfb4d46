import { takeChannelSlot } from '#db/channel-paces';
import type { Portal, Sending } from '../portal';
import { claimMessage } from './parts/claim-message';
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
  if (wait && (await waitForSlot(portal, { messageId, sending, wait })) === 'later') return 'later';
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

/** A worker's hand waits this long for its slot; what lies further ahead goes back into the queue. */
const SLOT_PATIENCE_MS = 2_000;

async function waitForSlot(
  portal: Portal,
  { messageId, sending, wait }: { messageId: string; sending: Sending; wait: (ms: number) => Promise<void> },
): Promise<'go' | 'later'> {
  const row = await portal.db.selectFrom('messages').select('channel').where('id', '=', messageId).executeTakeFirst();
  const channel = row && sending.channels.get(row.channel);
  if (!channel) return 'go';
  const { ratePerSecond } = channel.capabilities;
  const waitMs = await takeChannelSlot(portal.db, { channel: channel.id, ratePerSecond, patienceMs: SLOT_PATIENCE_MS });
  if (waitMs === null) {
    await portal.db.transaction().execute((trx) => portal.enqueue(trx, { name: 'send-message', messageId, delayMs: SLOT_PATIENCE_MS }));
    return 'later';
  }
  if (waitMs > 0) await wait(waitMs);
  return 'go';
}
