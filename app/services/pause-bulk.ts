import { lockApproval } from '#db/approvals';
import { inTransaction } from '#db/transaction';
import { type CampaignScope, isInScope } from '../domain/access';
import { type ActRefusal, refuseAct } from '../domain/acts';
import type { Portal } from '../portal';
import { auditAct } from './parts/acts/engine';

/** Pauses an act on many after the thing that is under way, or lets it go on. @returns why not: not_found, ended */
export async function pauseBulk(
  portal: Portal,
  { staff, approvalId, pause }: { staff: { readonly id: string; readonly scope: CampaignScope }; approvalId: string; pause: boolean },
): Promise<{ kind: 'paused' | 'resumed' } | ActRefusal> {
  return inTransaction(portal.db, async (trx) => {
    const approval = await lockApproval(trx, approvalId);
    if (!approval?.act.startsWith('bulk_') || !isInScope(staff.scope, approval.campaign_id)) return refuseAct('not_found');
    if (approval.state !== 'approved') return refuseAct('ended');
    const now = portal.clock.now();
    if ((approval.paused_at !== null) === pause) return { kind: pause ? 'paused' : 'resumed' };
    await trx
      .updateTable('approvals')
      .set({ paused_at: pause ? now : null })
      .where('id', '=', approvalId)
      .execute();
    if (!pause) await portal.enqueue(trx, { name: 'run-bulk', approvalId, delayMs: 0 });
    await auditAct(portal, trx, approval, { act: `${approval.act}.${pause ? 'paused' : 'resumed'}`, staffId: staff.id, now });
    return { kind: pause ? 'paused' : 'resumed' };
  });
}
