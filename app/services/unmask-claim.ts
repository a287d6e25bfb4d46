import { appendAudit } from '#db/audit';
import { inTransaction } from '#db/transaction';
import type { Portal } from '../portal';
import { actorOf } from './parts/acts/act';

/** Writes down who looks at all that an applicant said, before it is shown. */
export async function unmaskClaim(
  portal: Pick<Portal, 'db' | 'crypto' | 'clock'>,
  { staffId, claimId, campaignId }: { staffId: string; claimId: string; campaignId: string },
): Promise<void> {
  const now = portal.clock.now();
  await inTransaction(portal.db, (trx) =>
    appendAudit(trx, {
      id: portal.crypto.newId(now),
      campaignId,
      at: now,
      actor: actorOf(staffId),
      act: 'claim.unmask',
      subjectKind: 'claim',
      subjectId: claimId,
    }),
  );
}
