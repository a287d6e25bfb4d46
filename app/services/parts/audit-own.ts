import { appendAudit } from '#db/audit';
import type { Trx } from '#db/database';
import type { Portal } from '../../portal';

/** What somebody changed about their own account, on the record. */
export async function auditOwn(
  trx: Trx,
  crypto: Pick<Portal['crypto'], 'newId'>,
  { staffId, act, detail = {}, now }: { staffId: string; act: string; detail?: Readonly<Record<string, string | number>>; now: Date },
): Promise<void> {
  await appendAudit(trx, {
    id: crypto.newId(now),
    campaignId: null,
    at: now,
    actor: `staff:${staffId}`,
    act,
    subjectKind: 'staff',
    subjectId: staffId,
    detail,
  });
}
