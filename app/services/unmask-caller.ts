import { appendAudit } from '#db/audit';
import { findCase } from '#db/cases';
import { inTransaction } from '#db/transaction';
import { isInScope } from '../domain/access';
import type { Portal } from '../portal';
import { actorOf } from './parts/acts/act';
import { type CaseStepped, type CaseWork, refuseStep } from './parts/case-step';

/** Why somebody looks at a caller's whole contact; one is chosen. */
export const CALLER_REASONS = ['call_back', 'identity', 'office', 'other'] as const;

/** Writes down who looks at a caller's name and numbers and why, before they are shown. */
export async function unmaskCaller(
  portal: Pick<Portal, 'db' | 'clock' | 'crypto'>,
  { caseId, staff, reason }: CaseWork & { reason: string },
): Promise<CaseStepped> {
  const read = CALLER_REASONS.find((each) => each === reason);
  if (!read) return refuseStep('reason_missing', 'reason');
  return inTransaction(portal.db, async (trx): Promise<CaseStepped> => {
    const row = await findCase(trx, caseId);
    if (!row || !isInScope(staff.scope, row.campaign_id)) return refuseStep('not_found');
    const now = portal.clock.now();
    await appendAudit(trx, {
      id: portal.crypto.newId(now),
      campaignId: row.campaign_id,
      at: now,
      actor: actorOf(staff.id),
      act: 'unmask',
      subjectKind: 'case',
      subjectId: row.id,
      detail: { reason: read },
    });
    return { kind: 'done', state: row.state };
  });
}
