import { appendAudit } from '#db/audit';
import { inTransaction } from '#db/transaction';
import type { Portal } from '../portal';

/** Somebody wants no more reminders. What waits in the queue is not sent either; everything else goes on. */
export async function stopReminders(
  portal: Pick<Portal, 'db' | 'clock' | 'crypto'>,
  { grantId, way }: { grantId: string; way: 'page' | 'one_click' },
): Promise<void> {
  await inTransaction(portal.db, async (trx) => {
    const now = portal.clock.now();
    const { campaign_id } = await trx.selectFrom('grants').select('campaign_id').where('id', '=', grantId).executeTakeFirstOrThrow();
    const { numInsertedOrUpdatedRows } = await trx
      .insertInto('reminder_opt_outs')
      .values({ grant_id: grantId, way, at: now })
      .onConflict((conflict) => conflict.column('grant_id').doNothing())
      .executeTakeFirstOrThrow();
    if (numInsertedOrUpdatedRows === 0n) return;
    await appendAudit(trx, {
      id: portal.crypto.newId(now),
      campaignId: campaign_id,
      at: now,
      actor: 'recipient',
      act: 'reminders.stopped',
      subjectKind: 'grant',
      subjectId: grantId,
      detail: { way },
    });
  });
}
