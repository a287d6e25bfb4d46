import { lockApproval } from '#db/approvals';
import { inTransaction } from '#db/transaction';
import { type ActRefusal, refuseAct } from '../domain/acts';
import type { Portal } from '../portal';
import { auditAct, endApproval } from './parts/acts/engine';

/** Takes a proposal back, by whoever made it, while nobody has decided. @returns refusals: not_found, not_yours, ended */
export async function withdrawProposal(
  portal: Portal,
  { staffId, approvalId }: { staffId: string; approvalId: string },
): Promise<{ kind: 'withdrawn' } | ActRefusal> {
  return inTransaction(portal.db, async (trx) => {
    const approval = await lockApproval(trx, approvalId);
    if (!approval) return refuseAct('not_found');
    if (approval.proposed_by !== staffId) return refuseAct('not_yours');
    if (approval.state !== 'proposed') return refuseAct('ended');
    const now = portal.clock.now();
    await endApproval(trx, approval.id, { state: 'withdrawn', outcome: null, now });
    await auditAct(portal, trx, approval, { act: `${approval.act}.withdrawn`, staffId, now });
    return { kind: 'withdrawn' };
  });
}
