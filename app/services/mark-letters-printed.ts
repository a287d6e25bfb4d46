import { appendAudit } from '#db/audit';
import { inTransaction } from '#db/transaction';
import type { Portal } from '../portal';

/** Writes down that the file of a batch was written whole; each further time as a print anew. */
export async function markLettersPrinted(
  portal: Pick<Portal, 'db' | 'clock' | 'crypto'>,
  { batchId, printed, actor }: { batchId: string; printed: number; actor: string },
): Promise<void> {
  await inTransaction(portal.db, async (trx) => {
    const now = portal.clock.now();
    const batch = await trx.selectFrom('letter_batches').selectAll().where('id', '=', batchId).forUpdate().executeTakeFirstOrThrow();
    if (!batch.printed_at) await trx.updateTable('letter_batches').set({ printed_at: now }).where('id', '=', batchId).execute();
    await appendAudit(trx, {
      id: portal.crypto.newId(now),
      campaignId: batch.campaign_id,
      at: now,
      actor,
      act: batch.printed_at ? 'letters.printed_again' : 'letters.printed',
      subjectKind: 'letter_batch',
      subjectId: batchId,
      detail: { batch: batch.number, letters: batch.letters, printed },
    });
  });
}
