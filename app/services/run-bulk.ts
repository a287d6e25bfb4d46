import { lockApproval } from '#db/approvals';
import { countItems, findWaitingItem, settleItem } from '#db/bulk-items';
import type { Approval } from '#db/tables/staff';
import { inTransaction } from '#db/transaction';
import type { Portal } from '../portal';
import { type ActContext, isRefusal } from './parts/acts/act';
import { ACTS, auditAct, endApproval, isActName, openActContext } from './parts/acts/engine';

/**
 * Carries out an approved act on many, each thing in a transaction of its own: planned again behind its grant's lock,
 * done when it is still what was approved, skipped with the reason when not. It can be paused, stopped or killed
 * anywhere and goes on where it was; what is done is never done twice.
 */
export async function runBulk(
  portal: Portal,
  { approvalId }: { approvalId: string },
  options: { readonly signal?: AbortSignal } = {},
): Promise<'nothing_to_do' | 'paused' | 'stopped' | 'done'> {
  for (;;) {
    if (options.signal?.aborted) return 'stopped';
    const approval = await portal.db.selectFrom('approvals').select(['state', 'paused_at']).where('id', '=', approvalId).executeTakeFirst();
    if (approval?.state !== 'approved') return 'nothing_to_do';
    if (approval.paused_at) return 'paused';
    const item = await findWaitingItem(portal.db, approvalId);
    if (!item) return finish(portal, approvalId);
    await doOne(portal, approvalId, item);
  }
}

async function doOne(
  portal: Portal,
  approvalId: string,
  item: { position: number; grantId: string; redemptionId: string; yen: bigint },
): Promise<void> {
  await inTransaction(portal.db, async (trx) => {
    const context = await openActContext(portal, trx, item.grantId);
    const approval = await lockApproval(trx, approvalId);
    if (!context) throw new Error(`grant ${item.grantId} is gone`);
    if (approval?.state !== 'approved' || approval.paused_at) return;
    const outcome = await carryOutOne(context, approval, item);
    const settled = await settleItem(trx, {
      approvalId,
      position: item.position,
      state: outcome === null ? 'done' : 'skipped',
      outcome,
      at: context.now,
    });
    // Another worker has just done this one: everything here is undone with it.
    if (!settled) throw new Error(`item ${item.position} of ${approvalId} was done meanwhile`);
    await auditAct(
      portal,
      trx,
      { ...approval, subject_kind: 'redemption', subject_id: item.redemptionId, yen: item.yen },
      {
        act: `${approval.act}.${outcome === null ? 'item' : 'skipped'}`,
        staffId: approval.proposed_by,
        now: context.now,
        detail: { outcome },
      },
    );
  });
}

/** @returns why it was skipped; null when it was done */
async function carryOutOne(context: ActContext, approval: Approval, item: { redemptionId: string; yen: bigint }): Promise<string | null> {
  const name = approval.act.replace(/^bulk_/, '');
  if (!isActName(name)) throw new Error(`nobody carries out ${approval.act}`);
  const input = { fields: { redemption: item.redemptionId }, secret: null };
  const plan = await ACTS[name].plan(context, input);
  if (isRefusal(plan)) return plan.reason;
  if (BigInt(plan.yen) !== item.yen || plan.before.state !== 'failed') return 'changed_meanwhile';
  await ACTS[name].carryOut(context, input, plan, { approvalId: approval.id, staffId: approval.proposed_by, reason: approval.reason });
  return null;
}

async function finish(portal: Portal, approvalId: string): Promise<'nothing_to_do' | 'done'> {
  return inTransaction(portal.db, async (trx) => {
    const approval = await lockApproval(trx, approvalId);
    if (approval?.state !== 'approved') return 'nothing_to_do';
    const now = portal.clock.now();
    const { done, skipped } = await countItems(trx, approvalId);
    await endApproval(trx, approvalId, { state: 'done', outcome: null, now });
    await auditAct(portal, trx, approval, { act: `${approval.act}.done`, staffId: approval.proposed_by, now, detail: { done, skipped } });
    return 'done';
  });
}
