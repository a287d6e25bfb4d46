import { appendAudit } from '#db/audit';
import { inTransaction } from '#db/transaction';
import type { FactGroup } from '../domain/search';
import type { Portal } from '../portal';

/** Writes down that somebody was searched for: by which kinds of facts and with how many hits, never the facts. */
export async function recordSearch(
  portal: Pick<Portal, 'db' | 'crypto'>,
  { staffId, kinds, hits, now }: { staffId: string; kinds: readonly FactGroup[]; hits: number; now: Date },
): Promise<void> {
  await inTransaction(portal.db, (trx) =>
    appendAudit(trx, {
      id: portal.crypto.newId(now),
      campaignId: null,
      at: now,
      actor: `staff:${staffId}`,
      act: 'find',
      subjectKind: 'staff',
      subjectId: staffId,
      detail: { kinds: kinds.join(','), hits },
    }),
  );
}
