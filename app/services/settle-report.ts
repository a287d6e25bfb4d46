import { lockMessage } from '#db/messages';
import type { MessageReport, MessageUpdate } from '#db/tables/messages';
import { inTransaction } from '#db/transaction';
import { type BounceReason, isForNow } from '../domain/bounce';
import { type MessageState, retryDelayMs } from '../domain/message';
import type { Portal } from '../portal';

/** While a message is under way its own answer comes first. */
const UNDER_WAY_MS = 60_000;

/**
 * Writes what a kept report makes of its message: never yen, and only what a report can still tell. A message that
 * has failed or waits for another try stays as it is, and so does one that was sent anew since. The sweep sends again
 * what may be. A repeat finds nothing more to do.
 */
export async function settleReport(
  portal: Pick<Portal, 'db' | 'clock' | 'enqueue'>,
  { reportId }: { reportId: string },
): Promise<'written' | 'later' | 'nothing_to_do'> {
  return inTransaction(portal.db, async (trx) => {
    const report = await trx.selectFrom('message_reports').selectAll().where('id', '=', reportId).executeTakeFirst();
    if (!report) return 'nothing_to_do';
    const row = await lockMessage(trx, report.message_id);
    if (row?.channel !== 'mail' || (row.called_at && row.called_at > report.at)) return 'nothing_to_do';
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

function changeBy(report: MessageReport, { state, ...rest }: { state: MessageState; attempts: number; now: Date }): MessageUpdate | null {
  const open = state === 'sent' || state === 'accepted' || state === 'unknown';
  switch (report.kind) {
    case 'complained':
      return open || state === 'delivered' ? { state: 'complained', reason: null, due_at: null } : null;
    case 'delivered':
      return open ? { state: 'delivered', reason: null, due_at: null } : null;
    case 'failed':
      return open ? failedAs(report, rest) : null;
  }
}

function failedAs({ reason: told, detail }: MessageReport, { attempts, now }: { attempts: number; now: Date }): MessageUpdate {
  const reason = (told ?? 'rejected') as BounceReason;
  if (!isForNow(reason)) return { state: 'hard_failed', reason, detail, due_at: null };
  const againMs = retryDelayMs(attempts);
  return againMs === null
    ? { state: 'hard_failed', reason: 'gave_up', detail: [reason, detail].filter(Boolean).join(' '), due_at: null }
    : { state: 'soft_failed', reason, detail, due_at: new Date(now.getTime() + againMs) };
}
