import { inTransaction } from '#db/transaction';
import { fileDigest } from '../crypto.server';
import type { BounceResult } from '../domain/bounce';
import type { Portal } from '../portal';
import { readBounce } from './parts/read-bounce';

/**
 * Keeps a report on one of our mails, once however often it comes, with the job that writes what it means. An id that
 * is not ours does nothing.
 */
export async function recordBounce(
  portal: Pick<Portal, 'db' | 'clock' | 'crypto' | 'enqueue'>,
  { raw, actor }: { raw: Uint8Array; actor: string },
): Promise<BounceResult> {
  const read = await readBounce(raw);
  if (read.kind !== 'report') return read.kind;
  const { messageId, attempt, verdict } = read;
  if (verdict.kind === 'on_its_way') return 'on_its_way';
  const digest = fileDigest();
  digest.update(raw);
  const now = portal.clock.now();
  return inTransaction(portal.db, async (trx) => {
    const known = await trx.selectFrom('messages').select('id').where('id', '=', messageId).executeTakeFirst();
    if (!known) return 'unknown_message';
    const report = await trx
      .insertInto('message_reports')
      .values({
        id: portal.crypto.newId(now),
        message_id: messageId,
        attempt,
        digest: digest.digest(),
        kind: verdict.kind,
        reason: verdict.kind === 'failed' ? verdict.reason : null,
        detail: verdict.kind === 'failed' ? verdict.detail : null,
        actor,
        at: now,
      })
      .onConflict((conflict) => conflict.column('digest').doNothing())
      .returning('id')
      .executeTakeFirst();
    if (!report) return 'again';
    await portal.enqueue(trx, { name: 'settle-report', reportId: report.id, delayMs: 0 });
    return 'noted';
  });
}
