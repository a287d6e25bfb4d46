import { endBatch, lockBatch, writeEntries } from '#db/search';
import { inTransaction } from '#db/transaction';
import { tryOpenContact } from '../domain/contact';
import { tokenTexts } from '../domain/search';
import type { Portal } from '../portal';

/**
 * Files one batch of people under what they are found by: in one transaction with the batch's end, so that a worker
 * that dies leaves all of it to the next. Filing somebody twice is the same as once.
 * @returns how many were filed and how many could not be read; null when there is nothing to do
 */
export async function indexRecipients(
  portal: Pick<Portal, 'db' | 'crypto' | 'log'>,
  { batchId }: { batchId: string },
): Promise<{ filed: number; unreadable: number } | null> {
  const { crypto } = portal;
  const result = await inTransaction(portal.db, async (trx) => {
    const rows = await lockBatch(trx, batchId);
    if (!rows) return null;
    const unreadable: string[] = [];
    const entries = rows.flatMap((row) => {
      const contact = tryOpenContact(crypto, row);
      if (!contact) unreadable.push(row.id);
      return contact
        ? [
            {
              id: row.id,
              campaignId: row.campaign_id,
              tokens: tokenTexts(contact).map(({ field, text }) => crypto.searchToken(field, text)),
            },
          ]
        : [];
    });
    await writeEntries(trx, crypto.indexKeyId, entries);
    await endBatch(trx, batchId, unreadable);
    return { filed: entries.length, unreadable: unreadable.length };
  });
  if (result && result.unreadable > 0)
    portal.log.warn({ batch: batchId, unreadable: result.unreadable }, 'contacts cannot be read to be filed');
  return result;
}
