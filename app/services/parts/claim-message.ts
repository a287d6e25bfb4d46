import type { OutgoingMessage } from '#adapters/channels/port';
import { findGrantSheet } from '#db/grants';
import { findText } from '#db/message-texts';
import { lockMessage } from '#db/messages';
import type { Message, MessageUpdate } from '#db/tables/messages';
import { inTransaction } from '#db/transaction';
import { isAskable, ownTemplate, TEMPLATES } from '../../domain/message';
import type { Channel, Portal, Sending } from '../../portal';
import { takeTurn } from './channel-turn';
import { leaseMs } from './lease';
import { leaveOf } from './message-leave';
import { outgoingOf } from './outgoing-message';

/** Leave to ask a channel once about a message. */
export interface ClaimedMessage {
  readonly message: Message;
  readonly channel: Channel;
  /** `cancel`: its link is dead, and it may not have gone out yet. */
  readonly question: 'send' | 'lookup' | 'cancel';
  readonly outgoing: OutgoingMessage;
  /** Number of this sending; settling compares it, so that a worker that slept too long changes nothing. */
  readonly attempt: number;
  /** How long the channel's rate wants it to wait before it asks. */
  readonly waitMs: number;
}

/** A job may run a little before its time. */
const TOLERANCE_MS = 2_000;

/**
 * Transaction A: makes the message and takes the lease before anything is sent. Null: it is done, another works on
 * it, it is not due, it waits for a channel, or only a person can tell what became of it. With `patienceMs` it takes a
 * slot of the channel's as the last thing, when there is something to ask; `later`: none is free so soon.
 */
export async function claimMessage(
  portal: Portal,
  { messageId, sending, patienceMs }: { messageId: string; sending: Sending; patienceMs?: number },
): Promise<ClaimedMessage | 'later' | null> {
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
    // Left by a worker that died in mid-call, and to be repeated because a repeat of this channel's is none.
    let repeats = false;
    if (state === 'sending') {
      if (found.leased_until && found.leased_until > now) return null;
      repeats = channel?.capabilities.repeatable === true && channel.id === found.via;
      state = repeats ? 'queued' : 'unknown';
      if (!repeats) {
        await update({ state, reason: 'worker_lost', leased_until: null });
        portal.log.warn({ message: messageId, channel: found.via }, 'a worker was lost while it sent a message');
      }
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
    const leave = asks ? null : await leaveOf(trx, found, { sheet, now });
    const attempt = asks ? found.attempts : found.attempts + 1;
    const own = await findText(trx, { ...found, campaignId: found.campaign_id });
    const { outgoing, isOwn } = outgoingOf(portal.crypto, {
      message: found,
      attempt,
      sheet,
      publicUrl: sending.publicUrl,
      now,
      notAfter: leave?.kind === 'go' ? leave.notAfter : null,
      own: own?.text ?? null,
    });
    const again = (delayMs: number) => ({ name: 'send-message' as const, messageId, delayMs });
    const turn = () => takeTurn(portal, trx, { channel, patienceMs, again });
    if (asks) {
      const waitMs = await turn();
      if (waitMs === null) return 'later';
      const isDead = found.link_generation !== null && found.link_generation !== sheet.grant.link_generation;
      const question = isDead && state === 'sent' && found.reference && channel.connection.cancel ? 'cancel' : 'lookup';
      return { message: found, channel, question, outgoing, attempt, waitMs };
    }
    if (leave?.kind !== 'go') {
      // It may have gone out, so it is never called taken back.
      if (repeats) await update({ state: 'unknown', reason: 'worker_lost', leased_until: null });
      if (repeats || leave === null || leave.kind === 'wait') return null;
      if (leave.kind === 'outdated') await update({ state: 'hard_failed', reason: 'outdated', due_at: null });
      else {
        await update({ due_at: leave.at });
        await portal.enqueue(trx, { name: 'send-message', messageId, delayMs: leave.at.getTime() - now.getTime() });
      }
      return null;
    }
    const waitMs = await turn();
    if (waitMs === null) return 'later';
    // Only now: one that waits for its turn must not look as if it had never gone out.
    if (repeats) await update({ state: 'queued', reason: 'worker_lost', leased_until: null });
    if (own?.text && !isOwn)
      portal.log.error(
        { message: messageId, version: own.version },
        "a text of the office's would have left out a link: the portal's is sent",
      );
    const calledAt = new Date(now.getTime() + waitMs);
    const leasedUntil = new Date(calledAt.getTime() + leaseMs(channel.capabilities));
    await update({
      state: 'sending',
      reason: null,
      template: own && isOwn ? ownTemplate(found.purpose, own.version) : TEMPLATES[found.purpose],
      attempts: attempt,
      via: channel.id,
      reference: null,
      called_at: calledAt,
      due_at: null,
      leased_until: leasedUntil,
    });
    return { message: found, channel, question: 'send', outgoing, attempt, waitMs };
  });
}
