import type { OutgoingMessage } from '#adapters/channels/port';
import { findGrantSheet } from '#db/grants';
import { lockMessage } from '#db/messages';
import type { Message, MessageUpdate } from '#db/tables/messages';
import { inTransaction } from '#db/transaction';
import { isAskable } from '../../domain/message';
import type { Channel, Portal, Sending } from '../../portal';
import { outgoingOf } from './outgoing-message';

/** Leave to ask a channel once about a message. */
export interface ClaimedMessage {
  readonly message: Message;
  readonly channel: Channel;
  readonly question: 'send' | 'lookup';
  readonly outgoing: OutgoingMessage;
  /** Number of this sending; settling compares it, so that a worker that slept too long changes nothing. */
  readonly attempt: number;
}

/** How long after a call's own time limit a worker counts as dead. */
const LEASE_MARGIN_MS = 60_000;
/** A job may run a little before its time. */
const TOLERANCE_MS = 2_000;

/**
 * Transaction A: makes the message and takes the lease before anything is sent. Null: it is done, another works on
 * it, it is not due, it waits for a channel, or only a person can tell what became of it.
 */
export async function claimMessage(
  portal: Portal,
  { messageId, sending }: { messageId: string; sending: Sending },
): Promise<ClaimedMessage | null> {
  return inTransaction(portal.db, async (trx) => {
    const found = await lockMessage(trx, messageId);
    if (!found) return null;
    const now = portal.clock.now();
    const channel = sending.channels.get(found.channel);
    const update = async (set: MessageUpdate) => {
      const query = trx.updateTable('messages').where('id', '=', messageId);
      await query.set({ state_at: now, ...set }).execute();
    };

    let { state } = found;
    if (state === 'sending') {
      if (found.leased_until && found.leased_until > now) return null;
      // Left by a worker that died in mid-call: it may have gone out. Only where a repeat is none may it be repeated.
      const again = channel?.capabilities.repeatable && channel.id === found.via;
      state = again ? 'queued' : 'unknown';
      await update({ state, reason: 'worker_lost', leased_until: null });
      if (!again) portal.log.warn({ message: messageId, channel: found.via }, 'a worker was lost while it sent a message');
    }
    // With nothing due it is so old that nobody asks any more.
    const asks =
      isAskable(state) &&
      (state === 'unknown' || found.due_at !== null) &&
      channel?.capabilities.lookup === true &&
      channel.id === found.via;
    if (!asks && state !== 'queued' && state !== 'soft_failed') return null;
    if (found.due_at && found.due_at.getTime() > now.getTime() + TOLERANCE_MS) return null;
    if (!channel) {
      if (found.reason !== 'no_channel' && state === 'queued') await update({ state, reason: 'no_channel' });
      return null;
    }
    const sheet = await findGrantSheet(trx, found.grant_id);
    if (!sheet) throw new Error(`the grant of message ${messageId} is gone`);
    const outgoing = outgoingOf(portal.crypto, { message: found, sheet, publicUrl: sending.publicUrl, now });
    if (asks) return { message: found, channel, question: 'lookup', outgoing, attempt: found.attempts };
    // A change of address came after it: its link is dead.
    if (found.link_generation !== null && found.link_generation !== sheet.grant.link_generation) {
      await update({ state: 'hard_failed', reason: 'outdated' });
      return null;
    }
    const attempt = found.attempts + 1;
    const leasedUntil = new Date(now.getTime() + channel.capabilities.timeLimitMs * 2 + LEASE_MARGIN_MS);
    await update({
      state: 'sending',
      reason: null,
      attempts: attempt,
      via: channel.id,
      called_at: now,
      due_at: null,
      leased_until: leasedUntil,
    });
    return { message: found, channel, question: 'send', outgoing, attempt };
  });
}
