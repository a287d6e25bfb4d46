import { inTransaction } from '#db/transaction';
import { type CampaignScope, isInScope } from '../domain/access';
import { type ActPlan, type ActRefusal, checkWords, refuseAct } from '../domain/acts';
import { policyOf } from '../domain/campaign';
import { OFFICE_ACTS, type OfficeActName } from '../domain/office-acts';
import type { Portal } from '../portal';
import { isRefusal } from './parts/acts/act';
import { auditAct } from './parts/acts/engine';
import type { OfficeContext, OfficePlan } from './parts/acts/office-act';
import { carryOutOffice, OFFICE_ACT_PARTS, openOfficeContext } from './parts/acts/office-engine';
import { insertProposal, proposeOnce } from './parts/acts/proposal';

/** Stands for evidence that is still to be typed. */
const NOT_TYPED = '―';

export interface OfficeActRequest {
  readonly staff: { readonly id: string; readonly scope: CampaignScope };
  readonly act: OfficeActName;
  readonly campaignId: string;
  /** The act's own fields: coupon, payments, evidence, … */
  readonly fields: Readonly<Record<string, string>>;
  readonly reason: string;
  readonly note: string;
  /** The yen that were shown and proved for; another amount is another act. */
  readonly yen?: bigint;
}

export type OfficeActProposed =
  | { readonly kind: 'proposed'; readonly approvalId: string; readonly yen: bigint; readonly expiresAt: Date }
  /** One person was enough, within the campaign's policy. */
  | { readonly kind: 'done' | 'running'; readonly approvalId: string; readonly yen: bigint };

/**
 * What an act would come to now, before its reason and evidence are typed; and whether a second person has to agree.
 * Writes nothing.
 */
export async function planOfficeAct(
  portal: Portal,
  { fields, ...question }: Pick<OfficeActRequest, 'staff' | 'act' | 'campaignId' | 'fields'>,
): Promise<{ readonly kind: 'planned'; readonly plan: ActPlan; readonly needsSecond: boolean } | ActRefusal> {
  return inTransaction(portal.db, async (trx) => {
    const context = await open(portal, trx, question);
    if (!context) return refuseAct('not_found');
    const planned = await OFFICE_ACT_PARTS[question.act].plan(context, { ...fields, evidence: NOT_TYPED });
    if (isRefusal(planned)) return planned;
    const { plan } = planned;
    return { kind: 'planned', plan, needsSecond: !isFree(context, question.act, plan) };
  });
}

/** Whether an act could be proposed as it was filled in: its plan, or why not. Writes nothing. */
export async function previewOfficeAct(portal: Portal, request: OfficeActRequest): Promise<ActPlan | ActRefusal> {
  const wrong = checkWords(reasonsOf(request.act), request);
  if (wrong) return wrong;
  return inTransaction(portal.db, async (trx) => {
    const context = await open(portal, trx, request);
    if (!context) return refuseAct('not_found');
    const planned = await planShown(context, request);
    return isRefusal(planned) ? planned : planned.plan;
  });
}

/**
 * Proposes an act of the office, or, within the campaign's policy, carries it out at once.
 * @returns why not: a reason of `ACT_REFUSALS`; nothing is written then
 */
export async function proposeOfficeAct(portal: Portal, request: OfficeActRequest): Promise<OfficeActProposed | ActRefusal> {
  const { staff, act, campaignId, reason, note } = request;
  const wrong = checkWords(reasonsOf(act), request);
  if (wrong) return wrong;
  return proposeOnce(() =>
    inTransaction(portal.db, async (trx): Promise<OfficeActProposed | ActRefusal> => {
      const context = await open(portal, trx, request);
      if (!context) return refuseAct('not_found');
      const planned = await planShown(context, request);
      if (isRefusal(planned)) return planned;
      const { subject, plan } = planned;
      const { now } = context;
      const alone = isFree(context, act, plan);
      const approval = await insertProposal(trx, {
        id: portal.crypto.newId(now),
        campaignId,
        act,
        subject,
        plan,
        reason,
        note,
        staffId: staff.id,
        alone,
        now,
      });
      const { id: approvalId, yen } = approval;
      if (alone) return { kind: await carryOutOffice(context, act, approval, { staffId: staff.id }), approvalId, yen };
      await auditAct(portal, trx, approval, { act: `${act}.proposed`, staffId: staff.id, now });
      return { kind: 'proposed', approvalId, yen, expiresAt: approval.expires_at };
    }),
  );
}

function reasonsOf(act: OfficeActName): readonly string[] {
  return OFFICE_ACTS[act].reasons;
}

async function open(
  portal: Portal,
  trx: OfficeContext['trx'],
  { staff, campaignId }: Pick<OfficeActRequest, 'staff' | 'campaignId'>,
): Promise<OfficeContext | null> {
  return isInScope(staff.scope, campaignId) ? openOfficeContext(portal, trx, campaignId) : null;
}

/** The plan, if it is about the yen that were shown. */
async function planShown(context: OfficeContext, { act, fields, yen }: OfficeActRequest): Promise<OfficePlan | ActRefusal> {
  const planned = await OFFICE_ACT_PARTS[act].plan(context, fields);
  return !isRefusal(planned) && yen !== undefined && BigInt(planned.plan.yen) !== yen ? refuseAct('changed_meanwhile') : planned;
}

/** Whether the campaign's policy lets one person do it. The database asks the same. */
function isFree({ campaign }: OfficeContext, act: OfficeActName, plan: ActPlan): boolean {
  const free: Readonly<Partial<Record<string, number>>> = policyOf(campaign.settings).freeUpToYen;
  const most = free[act];
  return most !== undefined && plan.yen <= most;
}
