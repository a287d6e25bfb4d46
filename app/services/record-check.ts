import { appendAudit } from '#db/audit';
import { inTransaction } from '#db/transaction';
import type { Portal } from '../portal';

/** Notes that somebody checked the newest part of the audit chain, and what was found. @returns the entry's id */
export async function recordCheck(
  portal: Pick<Portal, 'db' | 'crypto' | 'clock'>,
  check: { staffId: string; from: bigint; until: bigint; fault: string | null; place: string | null; head: string },
): Promise<string> {
  const at = portal.clock.now();
  const id = portal.crypto.newId(at);
  await inTransaction(portal.db, (trx) =>
    appendAudit(trx, {
      id,
      campaignId: null,
      at,
      actor: `staff:${check.staffId}`,
      act: 'audit.verified',
      subjectKind: 'audit',
      subjectId: check.head.split(':')[0] ?? '0',
      detail: {
        from: Number(check.from),
        to: Number(check.until),
        fault: check.fault,
        place: check.place,
        head: check.head,
      },
    }),
  );
  return id;
}
