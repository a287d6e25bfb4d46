import { lockApproval } from '#db/approvals';
import { countItems, skipWaitingItems } from '#db/bulk-items';
import { inTransaction } from '#db/transaction';
import { type CampaignScope, isInScope } from '../domain/access';
import { type ActRefusal, refuseAct } from '../domain/acts';
import type { Portal } from '../portal';
import { auditAct, endApproval } from './parts/acts/engine';

/** Stands as the outcome of an act on many, and of its items, that somebody stopped. */
export const STOPPED = 'stopped';

/**
 * Ends an act on many for good, after the thing that is under way: what still waits is skipped and can be proposed
 * anew. @returns why not: not_found, ended
 */
export async function stopBulk(
  portal: Portal,
  { staff, approvalId }: { staff: { readonly id: string; readonly scope: CampaignScope }; approvalId: string },
): Promise<{ kind: 'stopped' } | ActRefusal> {
  return inTransaction(portal.db, async (trx) => {
    const approval = await lockApproval(trx, approvalId);
    if (!approval?.act.startsWith('bulk_') || !isInScope(staff.scope, approval.campaign_id)) return refuseAct('not_found');
    if (approval.state !== 'approved') return refuseAct('ended');
    const now = portal.clock.now();
    const stopped = await skipWaitingItems(trx, { approvalId, outcome: STOPPED, at: now });
    const { done, skipped } = await countItems(trx, approvalId);
    await endApproval(trx, approvalId, { state: 'done', outcome: STOPPED, now });
    const detail = { done, skipped, stopped };
    await auditAct(portal, trx, approval, { act: `${approval.act}.stopped`, staffId: staff.id, now, detail });
    return { kind: 'stopped' };
  });
}
