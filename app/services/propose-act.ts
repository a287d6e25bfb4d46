import type { Grant } from '#db/schema';
import { inTransaction } from '#db/transaction';
import { type CampaignScope, isInScope } from '../domain/access';
import { ACT_RULES, type ActPlan, type ActRefusal, checkWords, refuseAct } from '../domain/acts';
import { policyOf } from '../domain/campaign';
import type { Portal } from '../portal';
import { type Act, type ActContext, type ActInput, type CheckedAct, isRefusal } from './parts/acts/act';
import { ACTS, type ActName, auditAct, carryOut, openActContext, sealSecret } from './parts/acts/engine';
import { insertProposal, proposeOnce } from './parts/acts/proposal';

export interface ActRequest {
  readonly staff: { readonly id: string; readonly scope: CampaignScope };
  readonly act: ActName;
  readonly grantId: string;
  /** The act's own fields: redemption, code, provider, evidence, until, … */
  readonly fields: Readonly<Record<string, string>>;
  /** What must be sealed: the new address as typed. */
  readonly secret?: string;
  readonly reason: string;
  readonly note: string;
  /** The yen that were shown and proved for; another amount is another act. */
  readonly yen?: bigint;
}

export type ActProposed =
  | { readonly kind: 'proposed'; readonly approvalId: string; readonly yen: bigint; readonly expiresAt: Date }
  /** One person was enough, within the campaign's policy. */
  | { readonly kind: 'done' | 'running'; readonly approvalId: string; readonly yen: bigint };

/**
 * Whether an act could be proposed as it was filled in, before anybody has to prove themselves for it: its plan, or
 * why not. Writes nothing, and says nothing about who the caller is.
 */
export async function previewAct(portal: Portal, request: ActRequest): Promise<ActPlan | ActRefusal> {
  const wrong = checkWords(ACT_RULES[request.act].reasons, request);
  if (wrong) return wrong;
  return inTransaction(portal.db, async (trx) => {
    const context = await openActContext(portal, trx, request.grantId);
    if (!context || !isInScope(request.staff.scope, context.person.campaignId)) return refuseAct('not_found');
    return planShown(context, request);
  });
}

/**
 * Proposes an act on a person: plans it behind the grant's lock and writes the proposal, or, within the campaign's
 * policy, carries it out at once. @returns why not: a reason of `ACT_REFUSALS`; nothing is written then
 */
export async function proposeAct(portal: Portal, request: ActRequest): Promise<ActProposed | ActRefusal> {
  const { staff, act: name, grantId } = request;
  const act: Act & Partial<CheckedAct> = ACTS[name];
  const input: ActInput = { fields: request.fields, secret: request.secret ?? null };
  const words = checkWords(ACT_RULES[name].reasons, request);
  if (words) return words;
  return proposeOnce(() =>
    inTransaction(portal.db, async (trx): Promise<ActProposed | ActRefusal> => {
      const context = await openActContext(portal, trx, grantId);
      if (!context || !isInScope(staff.scope, context.person.campaignId)) return refuseAct('not_found');
      const wrong = await act.check?.(context, input, staff.id);
      if (wrong) return wrong;
      const plan = await planShown(context, request);
      if (isRefusal(plan)) return plan;
      const alone = !(await needsSecond(context, name, plan));
      const { grant, now } = context;
      const id = portal.crypto.newId(now);
      const approval = await insertProposal(trx, {
        id,
        campaignId: grant.campaign_id,
        act: name,
        subject: subjectOf(name, grant, request.fields),
        grantId: grant.id,
        plan,
        sealed: sealSecret(portal, id, request.secret ?? null),
        reason: request.reason,
        note: request.note,
        staffId: staff.id,
        alone,
        now,
      });
      if (alone)
        return { kind: await carryOut(context, act, approval, plan, { staffId: staff.id }), approvalId: approval.id, yen: approval.yen };
      await auditAct(portal, trx, approval, { act: `${name}.proposed`, staffId: staff.id, now });
      return { kind: 'proposed', approvalId: approval.id, yen: approval.yen, expiresAt: approval.expires_at };
    }),
  );
}

/** The plan, if it is about the yen that were shown. */
async function planShown(context: ActContext, { act, fields, secret, yen }: ActRequest): Promise<ActPlan | ActRefusal> {
  const plan = await ACTS[act].plan(context, { fields, secret: secret ?? null });
  return !isRefusal(plan) && yen !== undefined && BigInt(plan.yen) !== yen ? refuseAct('changed_meanwhile') : plan;
}

/** Whether the campaign's policy asks for a second person. */
async function needsSecond({ trx, person }: ActContext, act: ActName, plan: ActPlan): Promise<boolean> {
  const { settings } = await trx.selectFrom('campaigns').select('settings').where('id', '=', person.campaignId).executeTakeFirstOrThrow();
  const free = policyOf(settings).freeUpToYen[act];
  return free === undefined || plan.yen > free;
}

/** What it is done to: one proposal at a time for each. */
function subjectOf(act: ActName, grant: Grant, fields: ActRequest['fields']): { kind: string; id: string } {
  return ACT_RULES[act].subject === 'redemption' ? { kind: 'redemption', id: fields.redemption ?? '' } : { kind: 'grant', id: grant.id };
}
