import type { SendOutcome } from '#adapters/channels/port';
import { lockMessage } from '#db/messages';
import type { Message } from '#db/tables/messages';
import { inTransaction } from '#db/transaction';
import { type MessageReason, type MessageState, retryDelayMs } from '../../domain/message';
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
    const ours =
      row.attempts === claimed.attempt && (row.state === 'sending' || (row.state === 'unknown' && claimed.question === 'lookup'));
    // A worker that slept past its lease may still bring a yes, which is the truth; anything else it knows is stale.
    if (!ours && !(good && row.state === 'unknown')) return;
    const settlement = settlementOf(outcome, row, claimed.question);
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

/** What an answer makes of a message; null: a look-up that found out nothing. */
function settlementOf(outcome: SendOutcome, row: Message, question: 'send' | 'lookup'): Settlement | null {
  switch (outcome.kind) {
    case 'sent':
    case 'accepted':
    case 'delivered':
      return { state: outcome.kind, reason: null, reference: outcome.reference };
    case 'failed':
      return outcome.retryable
        ? tryAgain('soft_failed', outcome.reason, row.attempts, outcome.detail, outcome.retryAfterMs)
        : { state: 'hard_failed', reason: outcome.reason, detail: outcome.detail };
    case 'unknown':
      if (outcome.cause === 'never_sent') {
        const state = question === 'lookup' ? 'soft_failed' : 'queued';
        return tryAgain(state, question === 'lookup' ? 'looked_up' : 'never_sent', row.attempts, outcome.detail);
      }
      return question === 'lookup' ? null : { state: 'unknown', reason: outcome.cause, detail: outcome.detail };
  }
}

function tryAgain(state: MessageState, reason: MessageReason, attempts: number, detail?: string, retryAfterMs?: number): Settlement {
  const againMs = retryDelayMs(attempts, retryAfterMs);
  return againMs === null
    ? { state: 'hard_failed', reason: 'gave_up', detail: [reason, detail].filter(Boolean).join(' ') }
    : { state, reason, detail, againMs };
}
