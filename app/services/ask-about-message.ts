import { lockMessage } from '#db/messages';
import { inTransaction } from '#db/transaction';
import { isAskable } from '../domain/message';
import type { Portal, Sending } from '../portal';

/** However often somebody calls us, a gateway is asked about one message no more often than this. */
const PAUSE_MS = 30_000;

/**
 * Brings the next question about a message forward, because its gateway has news or somebody says so. Never to before
 * the gateway's list can be believed: an early "never seen" would send it twice. What the gateway is proven to call this
 * very sending is kept, where its answer never came: it can be asked for by that.
 */
export async function askAboutMessage(
  portal: Portal,
  { messageId, attempt, reference }: { messageId: string; attempt?: number; reference?: string },
  { sending }: { sending: Sending },
): Promise<'sooner' | 'nothing_to_do'> {
  return inTransaction(portal.db, async (trx) => {
    const found = await lockMessage(trx, messageId);
    if (!found?.called_at) return 'nothing_to_do';
    const channel = sending.channels.get(found.channel);
    if (!channel?.capabilities.lookup || channel.id !== found.via) return 'nothing_to_do';
    // Also while the answer is awaited: it may never come. What was proven of an earlier sending says nothing of this one.
    if (reference && attempt === found.attempts && found.reference === null && (found.state === 'sending' || isAskable(found.state)))
      await trx.updateTable('messages').set({ reference }).where('id', '=', messageId).execute();
    if (!isAskable(found.state)) return 'nothing_to_do';
    const now = portal.clock.now().getTime();
    const at = Math.max(now, found.called_at.getTime() + channel.capabilities.settleAfterMs, found.state_at.getTime() + PAUSE_MS);
    if (found.due_at && found.due_at.getTime() <= at) return 'nothing_to_do';
    await trx
      .updateTable('messages')
      .set({ due_at: new Date(at) })
      .where('id', '=', messageId)
      .execute();
    await portal.enqueue(trx, { name: 'send-message', messageId, delayMs: at - now });
    return 'sooner';
  });
}
