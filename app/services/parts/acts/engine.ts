import { appendAudit } from '#db/audit';
import type { Trx } from '#db/database';
import { lockGrant } from '#db/grants';
import { findPersonFacts } from '#db/person-facts';
import type { Approval } from '#db/tables/staff';
import type { ActPlan, ActRefusal } from '../../../domain/acts';
import type { Portal } from '../../../portal';
import { type Act, type ActContext, type ActInput, actorOf } from './act';
import { changeAddress } from './change-address';
import { extend } from './extend';
import { giveBack } from './give-back';
import { reissue } from './reissue';
import { settleDoubt } from './settle-doubt';

/** The acts that need leave, by name. */
export const ACTS = {
  reissue,
  give_back: giveBack,
  settle_doubt: settleDoubt,
  extend,
  change_address: changeAddress,
} as const satisfies Record<string, Act>;
export type ActName = keyof typeof ACTS;

/** Whether a text names one of them. */
export function isActName(text: string): text is ActName {
  return Object.hasOwn(ACTS, text);
}

/** Locks a grant and reads everything that its acts ask for. */
export async function openActContext(portal: Portal, trx: Trx, grantId: string): Promise<ActContext | null> {
  const grant = await lockGrant(trx, grantId);
  if (!grant) return null;
  const now = portal.clock.now();
  const person = await findPersonFacts(trx, { grantId, now });
  return person && { portal, trx, grant, person, now };
}

const SECRET_PLACE = 'approvals.secret';

/** Seals what an approval must keep and nobody may read in its table. */
export function sealSecret(portal: Pick<Portal, 'crypto'>, approvalId: string, secret: string | null) {
  if (secret === null) return { secret_sealed: null, secret_key_id: null };
  const { sealed, keyId } = portal.crypto.seal(SECRET_PLACE, approvalId, secret);
  return { secret_sealed: sealed, secret_key_id: keyId };
}

/** What was asked for when an approval was proposed. */
export function inputOf(portal: Pick<Portal, 'crypto'>, approval: Approval, plan: ActPlan): ActInput {
  const { secret_sealed, secret_key_id } = approval;
  const secret = secret_sealed && secret_key_id ? portal.crypto.open(SECRET_PLACE, approval.id, secret_sealed, secret_key_id) : null;
  return { fields: plan.input, secret };
}

/** Does what an approval gives leave for and notes how it ended. Runs behind the locks of grant and approval. */
export async function carryOut(
  context: ActContext,
  act: Act,
  approval: Approval,
  plan: ActPlan,
  by: { staffId: string },
): Promise<'done' | 'running'> {
  const { portal, trx, now } = context;
  const input = inputOf(portal, approval, plan);
  const leave = { approvalId: approval.id, staffId: approval.proposed_by, reason: approval.reason };
  const outcome = await act.carryOut(context, input, plan, leave);
  if (outcome === 'done') await endApproval(trx, approval.id, { state: 'done', outcome: null, now });
  await auditAct(portal, trx, approval, { act: `${approval.act}.${outcome === 'done' ? 'done' : 'started'}`, staffId: by.staffId, now });
  return outcome;
}

/** Ends an approval; what it kept sealed is removed. */
export async function endApproval(
  trx: Trx,
  approvalId: string,
  end: { state: 'done' | 'failed' | 'refused' | 'withdrawn' | 'expired' | 'void'; outcome: string | null; now: Date },
): Promise<void> {
  await trx
    .updateTable('approvals')
    .set({ state: end.state, outcome: end.outcome, ended_at: end.now, secret_sealed: null, secret_key_id: null })
    .where('id', '=', approvalId)
    .execute();
}

/** Writes down a step of an approval: who, what, how much. */
export async function auditAct(
  portal: Pick<Portal, 'crypto'>,
  trx: Trx,
  approval: Pick<Approval, 'id' | 'campaign_id' | 'act' | 'subject_kind' | 'subject_id' | 'yen' | 'reason'>,
  step: { act: string; staffId: string; now: Date; detail?: Readonly<Record<string, string | number | null>> },
): Promise<void> {
  await appendAudit(trx, {
    id: portal.crypto.newId(step.now),
    campaignId: approval.campaign_id,
    at: step.now,
    actor: actorOf(step.staffId),
    act: step.act,
    subjectKind: approval.subject_kind,
    subjectId: approval.subject_id,
    detail: { approval: approval.id, yen: Number(approval.yen), reason: approval.reason, ...step.detail },
  });
}

export type { ActPlan, ActRefusal };
