import { lockMessage } from '#db/messages';
import type { Message, MessageReport, MessageUpdate } from '#db/tables/messages';
import { inTransaction } from '#db/transaction';
import { type BounceReason, isForNow } from '../domain/bounce';
import { type MessageState, retryDelayMs } from '../domain/message';
import type { Portal } from '../portal';

/** While a message is under way its own answer comes first. */
const UNDER_WAY_MS = 60_000;

/**
 * Writes what a kept report makes of its message: never yen, and only what a report can still tell. A message that
 * has failed stays as it is; one that waits for another try is not tried again when it arrived, or never will. What is
 * told of an earlier sending than the last says nothing of this one, unless it arrived. The sweep sends again what may
 * be. A repeat, and the same told in other bytes, finds nothing more to do.
 */
export async function settleReport(
  portal: Pick<Portal, 'db' | 'clock' | 'enqueue'>,
  { reportId }: { reportId: string },
): Promise<'written' | 'later' | 'nothing_to_do'> {
  return inTransaction(portal.db, async (trx) => {
    const report = await trx.selectFrom('message_reports').selectAll().where('id', '=', reportId).executeTakeFirst();
    if (!report) return 'nothing_to_do';
    const row = await lockMessage(trx, report.message_id);
    if (row?.channel !== 'mail' || (report.kind === 'failed' && isOfAnother(report, row))) return 'nothing_to_do';
    if (row.state === 'sending') {
      await portal.enqueue(trx, { name: 'settle-report', reportId, delayMs: UNDER_WAY_MS });
      return 'later';
    }
    const now = portal.clock.now();
    const set = changeBy(report, { state: row.state, attempts: row.attempts, now });
    if (!set) return 'nothing_to_do';
    await trx
      .updateTable('messages')
      .set({ ...set, state_at: now })
      .where('id', '=', row.id)
      .execute();
    return 'written';
  });
}

/**
 * Whether a failure is that of another sending. Where the mail bore no number, what came before the last one was called
 * is; and of a mail that was sent more than once, a failure for the moment may be any's: nothing is sent again for it.
 */
function isOfAnother({ attempt, reason, at }: MessageReport, { attempts, called_at: calledAt }: Message): boolean {
  if (attempt !== null) return attempt !== attempts;
  return (calledAt !== null && calledAt > at) || (attempts > 1 && isForNow(reasonOf(reason)));
}

function changeBy(report: MessageReport, { state, ...rest }: { state: MessageState; attempts: number; now: Date }): MessageUpdate | null {
  const open = state === 'sent' || state === 'accepted' || state === 'unknown';
  const waits = state === 'soft_failed';
  switch (report.kind) {
    case 'complained':
      return open || waits || state === 'delivered' ? { ...ARRIVED, state: 'complained' } : null;
    case 'delivered':
      return open || waits ? { ...ARRIVED, state: 'delivered' } : null;
    case 'failed':
      return open || (waits && !isForNow(reasonOf(report.reason))) ? failedAs(report, rest) : null;
  }
}

const ARRIVED = { reason: null, detail: null, due_at: null } as const;

function reasonOf(told: MessageReport['reason']): BounceReason {
  return (told ?? 'rejected') as BounceReason;
}

function failedAs({ reason: told, detail }: MessageReport, { attempts, now }: { attempts: number; now: Date }): MessageUpdate {
  const reason = reasonOf(told);
  if (!isForNow(reason)) return { state: 'hard_failed', reason, detail, due_at: null };
  const againMs = retryDelayMs(attempts);
  return againMs === null
    ? { state: 'hard_failed', reason: 'gave_up', detail: [reason, detail].filter(Boolean).join(' '), due_at: null }
    : { state: 'soft_failed', reason, detail, due_at: new Date(now.getTime() + againMs) };
}
