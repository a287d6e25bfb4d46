import type { ChannelCapabilities, SendOutcome } from '#adapters/channels/port';
import { lockMessage } from '#db/messages';
import type { Message } from '#db/tables/messages';
import { inTransaction } from '#db/transaction';
import { isAskable, lookPauseMs, type MessageReason, type MessageState, retryDelayMs } from '../../domain/message';
import type { Portal } from '../../portal';
import type { ClaimedMessage } from './claim-message';

interface Settlement {
  readonly state: MessageState;
  readonly reason: MessageReason | null;
  readonly detail?: string | null;
  readonly reference?: string;
  /** Try again after this; undefined: not by itself. */
  readonly againMs?: number;
}

/** Transaction B: writes what the channel answered, and queues another try where one can help. */
export async function settleMessage(
  portal: Portal,
  { claimed, outcome }: { claimed: ClaimedMessage; outcome: SendOutcome },
): Promise<void> {
  await inTransaction(portal.db, async (trx) => {
    const row = await lockMessage(trx, claimed.message.id);
    if (!row) throw new Error(`message ${claimed.message.id} is gone`);
    const now = portal.clock.now();
    const good = outcome.kind !== 'failed' && outcome.kind !== 'unknown';
    const ours = row.attempts === claimed.attempt && (row.state === 'sending' || (claimed.question !== 'send' && isAskable(row.state)));
    // A worker that slept past its lease may still bring a yes, which is the truth; anything else it knows is stale.
    if (!ours && !(good && row.state === 'unknown')) return;
    const settlement = settlementOf(outcome, { row, question: claimed.question, capabilities: claimed.channel.capabilities, now });
    if (!settlement) return;
    await trx
      .updateTable('messages')
      .set({
        state: settlement.state,
        reason: settlement.reason,
        detail: settlement.detail ?? null,
        reference: row.reference ?? settlement.reference ?? null,
        leased_until: null,
        due_at: settlement.againMs === undefined ? null : new Date(now.getTime() + settlement.againMs),
        state_at: now,
      })
      .where('id', '=', row.id)
      .execute();
    if (settlement.againMs !== undefined) {
      await portal.enqueue(trx, { name: 'send-message', messageId: row.id, delayMs: settlement.againMs });
    }
    if (settlement.state === 'unknown' || settlement.reason === 'sender_refused') {
      const { state, reason, detail } = settlement;
      portal.log.warn({ message: row.id, channel: row.via, state, reason, detail }, 'a message is not through');
    }
  });
}

interface Asked {
  readonly row: Message;
  readonly question: ClaimedMessage['question'];
  readonly capabilities: ChannelCapabilities;
  readonly now: Date;
}

/** What an answer makes of a message; null: it tells nothing that could be written. */
function settlementOf(outcome: SendOutcome, asked: Asked): Settlement | null {
  const { row, question } = asked;
  switch (outcome.kind) {
    case 'sent':
    case 'accepted':
    case 'delivered': {
      // "accepted" is not taken back by a list that still says "sent".
      const state = row.state === 'accepted' && outcome.kind === 'sent' ? 'accepted' : outcome.kind;
      const againMs = state === 'delivered' ? undefined : lookAgainMs(asked);
      return { state, reason: null, reference: outcome.reference, againMs };
    }
    case 'failed':
      // Nothing is tried again whose link is dead: whoever is to have the new one gets a message of their own.
      return outcome.retryable && question !== 'cancel'
        ? tryAgain('soft_failed', outcome.reason, row.attempts, outcome.detail, outcome.retryAfterMs)
        : { state: 'hard_failed', reason: outcome.reason, detail: outcome.detail };
    case 'unknown':
      if (outcome.cause === 'never_sent' && row.state !== 'sent' && row.state !== 'accepted') {
        return question === 'send'
          ? tryAgain('queued', 'never_sent', row.attempts, outcome.detail)
          : tryAgain('soft_failed', 'looked_up', row.attempts, outcome.detail);
      }
      // What was found out stays; the question is put again later.
      if (question !== 'send') return { state: row.state, reason: row.reason, detail: row.detail, againMs: lookAgainMs(asked) };
      return { state: 'unknown', reason: outcome.cause, detail: outcome.detail, againMs: lookAgainMs(asked) };
  }
}

/** When the channel is asked (again) what became of a message; undefined: it cannot tell, or not any more. */
function lookAgainMs({ row, capabilities, now }: Asked): number | undefined {
  if (!capabilities.lookup) return undefined;
  const age = row.called_at ? now.getTime() - row.called_at.getTime() : 0;
  const pause = lookPauseMs(age);
  return pause === null ? undefined : Math.max(pause, capabilities.settleAfterMs);
}

function tryAgain(state: MessageState, reason: MessageReason, attempts: number, detail?: string, retryAfterMs?: number): Settlement {
  const againMs = retryDelayMs(attempts, retryAfterMs);
  return againMs === null
    ? { state: 'hard_failed', reason: 'gave_up', detail: [reason, detail].filter(Boolean).join(' ') }
    : { state, reason, detail, againMs };
}
