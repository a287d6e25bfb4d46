import { appendAudit } from '#db/audit';
import { inTransaction } from '#db/transaction';
import type { Portal } from '../portal';

/** Why somebody looks at a whole name and address; one is chosen. */
export const UNMASK_REASONS = ['identity', 'call_back', 'undelivered', 'office', 'other'] as const;
export type UnmaskReason = (typeof UNMASK_REASONS)[number];

/** Whether a field of a form names a reason. */
export function isUnmaskReason(text: string | null): text is UnmaskReason {
  return (UNMASK_REASONS as readonly (string | null)[]).includes(text);
}

/** Writes down who looks at a whole contact and why, before it is shown. */
export async function unmaskContact(
  portal: Pick<Portal, 'db' | 'crypto'>,
  { staffId, grantId, campaignId, reason, now }: { staffId: string; grantId: string; campaignId: string; reason: UnmaskReason; now: Date },
): Promise<void> {
  await inTransaction(portal.db, (trx) =>
    appendAudit(trx, {
      id: portal.crypto.newId(now),
      campaignId,
      at: now,
      actor: `staff:${staffId}`,
      act: 'unmask',
      subjectKind: 'grant',
      subjectId: grantId,
      detail: { reason },
    }),
  );
}
