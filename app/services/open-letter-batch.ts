import { appendAudit } from '#db/audit';
import { fillLetterBatch } from '#db/letters';
import { inTransaction } from '#db/transaction';
import type { Portal } from '../portal';

/** A batch of letters that is on the record. */
export interface LetterBatch {
  readonly id: string;
  readonly number: number;
  readonly letters: number;
}

/**
 * Puts the next letters that are due on the record, in one transaction. Two at once wait for each other, so that
 * nobody gets two. @returns null when none is due
 */
export async function openLetterBatch(
  portal: Pick<Portal, 'db' | 'clock' | 'crypto'>,
  { campaignId, limit, actor }: { campaignId: string; limit: number; actor: string },
): Promise<LetterBatch | null> {
  return inTransaction(portal.db, async (trx) => {
    await trx.selectFrom('campaigns').select('id').where('id', '=', campaignId).forUpdate().executeTakeFirstOrThrow();
    const now = portal.clock.now();
    const id = portal.crypto.newId(now);
    const { last } = await trx
      .selectFrom('letter_batches')
      .where('campaign_id', '=', campaignId)
      .select((eb) => eb.fn.max('number').as('last'))
      .executeTakeFirstOrThrow();
    const number = (last ?? 0) + 1;
    const letters = await fillLetterBatch(trx, { batchId: id, campaignId, number, now, limit, actor });
    if (letters === 0) return null;
    const detail = { batch: number, letters };
    await appendAudit(trx, {
      id: portal.crypto.newId(now),
      campaignId,
      at: now,
      actor,
      act: 'letters.opened',
      subjectKind: 'letter_batch',
      subjectId: id,
      detail,
    });
    return { id, number, letters };
  });
}
