import { lockApproval } from '#db/approvals';
import { lockGrant } from '#db/grants';
import type { ApprovalState } from '#db/tables/staff';
import { inTransaction, LOCK_WAIT_ENDED, sqlState } from '#db/transaction';
import { type CampaignScope, isInScope } from '../domain/access';
import { type ActPlan, type ActRefusal, NOTE_LONGEST, planText, refuseAct } from '../domain/acts';
import { isOfficeActName } from '../domain/office-acts';
import type { Portal } from '../portal';
import { isRefusal } from './parts/acts/act';
import { ACTS, auditAct, carryOut, endApproval, inputOf, isActName, openActContext } from './parts/acts/engine';
import { carryOutOffice, OFFICE_ACT_PARTS, openOfficeContext } from './parts/acts/office-engine';
import { jobOfApproval } from './parts/approval-job';

export type Decided =
  /** Carried out, or going on as a job. */
  | { readonly kind: 'done' | 'running' }
  | { readonly kind: 'refused_by_approver' }
  /** Not what was proposed any more: nothing was done. */
  | { readonly kind: 'void' }
  | { readonly kind: 'expired' }
  /** Somebody was quicker. */
  | { readonly kind: 'already'; readonly state: ApprovalState };

/**
 * A second person decides about a proposal (承認). Approving plans the act anew behind the grant's lock and compares:
 * only what both people saw is carried out, once, in this transaction.
 * @returns how it ended; refusals: not_found, own_proposal, note_too_long, register_busy
 */
export async function decideApproval(
  portal: Portal,
  {
    staff,
    approvalId,
    decision,
    note,
  }: {
    staff: { readonly id: string; readonly scope: CampaignScope };
    approvalId: string;
    decision: 'approve' | 'refuse';
    note: string;
  },
): Promise<Decided | ActRefusal> {
  if (note.length > NOTE_LONGEST) return refuseAct('note_too_long', 'note');
  const deciding = inTransaction(portal.db, async (trx): Promise<Decided | ActRefusal> => {
    const found = await trx.selectFrom('approvals').select(['grant_id', 'campaign_id']).where('id', '=', approvalId).executeTakeFirst();
    if (!found || !isInScope(staff.scope, found.campaign_id)) return refuseAct('not_found');
    // Grants are locked before everything else, everywhere.
    if (found.grant_id) await lockGrant(trx, found.grant_id);
    const approval = await lockApproval(trx, approvalId);
    if (!approval) return refuseAct('not_found');
    if (approval.state !== 'proposed') return { kind: 'already', state: approval.state };
    if (approval.proposed_by === staff.id) return refuseAct('own_proposal');
    const now = portal.clock.now();
    const audit = (act: string) => auditAct(portal, trx, approval, { act: `${approval.act}.${act}`, staffId: staff.id, now });
    if (now >= approval.expires_at) {
      await endApproval(trx, approval.id, { state: 'expired', outcome: null, now });
      await audit('expired');
      return { kind: 'expired' };
    }
    const decided = { decided_by: staff.id, decided_at: now, decision_note: note || null };
    if (decision === 'refuse') {
      await trx
        .updateTable('approvals')
        .set({ ...decided, state: 'refused', ended_at: now, secret_sealed: null, secret_key_id: null })
        .where('id', '=', approval.id)
        .execute();
      await audit('refused');
      return { kind: 'refused_by_approver' };
    }

    const plan = approval.plan as ActPlan;
    const makeVoid = async (outcome: string): Promise<Decided> => {
      await endApproval(trx, approval.id, { state: 'void', outcome, now });
      await audit('void');
      return { kind: 'void' };
    };
    const approve = () =>
      trx
        .updateTable('approvals')
        .set({ ...decided, state: 'approved' })
        .where('id', '=', approval.id)
        .execute();
    if (isOfficeActName(approval.act)) {
      const office = await openOfficeContext(portal, trx, approval.campaign_id);
      const planned = office && (await OFFICE_ACT_PARTS[approval.act].plan(office, plan.input));
      // Somebody has the register for a while: the proposal stays as it is.
      if (planned && isRefusal(planned) && planned.reason === 'register_busy') return planned;
      if (!office || !planned) return makeVoid('not_found');
      if (isRefusal(planned)) return makeVoid(planned.reason);
      if (planText(planned.plan) !== planText(plan)) return makeVoid('changed_meanwhile');
      await approve();
      return { kind: await carryOutOffice(office, approval.act, approval, { staffId: staff.id }) };
    }
    if (!isActName(approval.act) || !approval.grant_id) {
      // Acts on many and exports go on as jobs, which look at each thing anew.
      await approve();
      const job = jobOfApproval(approval);
      if (!job) throw new Error(`nobody carries out ${approval.act}`);
      await portal.enqueue(trx, job);
      await audit('started');
      return { kind: 'running' };
    }
    const context = await openActContext(portal, trx, approval.grant_id);
    const act = ACTS[approval.act];
    const planned = context && (await act.plan(context, inputOf(portal, approval, plan)));
    if (!context || !planned || isRefusal(planned) || planText(planned) !== planText(plan)) {
      return makeVoid(planned && isRefusal(planned) ? planned.reason : 'changed_meanwhile');
    }
    await approve();
    return { kind: await carryOut(context, act, approval, plan, { staffId: staff.id }) };
  });
  return deciding.catch((error: unknown) => {
    // An import or the cut-off holds what the act needs, for minutes at times: the proposal stays as it is.
    if (sqlState(error) === LOCK_WAIT_ENDED) return refuseAct('register_busy');
    throw error;
  });
}
