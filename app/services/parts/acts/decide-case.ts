import { sql } from 'kysely';
import { listCasePaymentNumbers, listCouponPaymentsForCase, lockCase } from '#db/cases';
import { findCouponSheet, lockCoupon } from '#db/coupon-acts';
import { hasCutoff } from '#db/coupons';
import type { Trx } from '#db/database';
import type { Case } from '#db/tables/cases';
import { type ActPlan, type ActRefusal, refuseAct } from '../../../domain/acts';
import { caseDue, caseSettingsOf } from '../../../domain/case';
import { openCaller } from '../../../domain/case-contact';
import { compareSaid, proposeDecision } from '../../../domain/case-decision';
import { whyNoEvidence } from '../../../domain/coupon-acts';
import type { Yen } from '../../../domain/yen';
import { appendCaseNote } from '../case-step';
import { carryOutPutBack, planPutBack } from '../coupons/put-back';
import { sealContact } from '../sealed-contact';
import { type ActLeave, actorOf } from './act';
import { isCouponRefusal, refuseByRegister } from './coupon-fields';
import type { OfficeAct, OfficeContext, OfficePlan } from './office-act';

/** What a case comes to now: its coupon, its payments and their yen. */
interface Owed {
  readonly row: Case;
  readonly couponId: string;
  readonly payments: readonly string[];
  readonly yen: Yen;
}

/**
 * Approves a case (承認) as the rule proposes it: before the cut-off its payments go back on the coupon, which is
 * extended; once the cut-off has begun they become a grant of the caller's own.
 */
export const decideCase: OfficeAct = {
  async plan(context, fields) {
    const evidence = (fields.evidence ?? '').trim();
    const wrong = whyNoEvidence(evidence);
    if (wrong) return refuseByRegister(wrong);
    const row = await lockCase(context.trx, fields.case ?? '');
    if (!row || row.campaign_id !== context.campaign.id) return refuseAct('not_found');
    return (await hasCutoff(context.trx, row.campaign_id)) ? planGrant(context, row, evidence) : planBack(context, row, evidence);
  },
  async carryOut(context, plan, leave) {
    const row = await lockCase(context.trx, plan.input.case ?? '');
    if (!row) throw new Error('planned, but the case is gone');
    if (plan.after.outcome === 'granted') await grant(context, row, plan, leave);
    else await putBack(context, row, plan, leave);
    const { portal, trx, now } = context;
    const actor = actorOf(await whoDecided(trx, leave));
    await appendCaseNote(portal, trx, row, { kind: 'moved', state: 'approved', reason: null, body: '', actor, now });
    return 'done';
  },
};

/** The story names who approved it; what was changed names who proposed it. */
async function whoDecided(trx: Trx, { approvalId, staffId }: ActLeave): Promise<string> {
  const row = await trx.selectFrom('approvals').select('decided_by').where('id', '=', approvalId).executeTakeFirst();
  return row?.decided_by ?? staffId;
}

async function planBack(context: OfficeContext, row: Case, evidence: string): Promise<OfficePlan | ActRefusal> {
  const owed = await owedNow(context.trx, row, false);
  if ('kind' in owed) return owed;
  const planned = await planPutBack(context.trx, { campaign: context.campaign, coupon: { id: owed.couponId }, payments: owed.payments });
  if (isCouponRefusal(planned)) return refuseByRegister(planned.reason);
  const { sheet, yen, validUntil, validAfter } = planned;
  return planOf(owed, evidence, {
    before: { coupon: sheet.inquiryNumber, remaining: Number(sheet.remainingYen), validity: validUntil.toISOString() },
    after: {
      coupon: sheet.inquiryNumber,
      remaining: Number(sheet.remainingYen + yen),
      validity: validAfter.toISOString(),
      outcome: 'put_back',
    },
  });
}

async function planGrant({ trx, campaign, now }: OfficeContext, row: Case, evidence: string): Promise<OfficePlan | ActRefusal> {
  if (now >= campaign.redeemUntil) return refuseAct('closed');
  if (row.coupon_id) await lockCoupon(trx, row.coupon_id);
  const owed = await owedNow(trx, row, true);
  if ('kind' in owed) return owed;
  const sheet = await findCouponSheet(trx, { campaignId: row.campaign_id, id: owed.couponId });
  if (!sheet) return refuseAct('not_found');
  return planOf(owed, evidence, {
    before: { coupon: sheet.inquiryNumber, granted: 0 },
    after: { coupon: sheet.inquiryNumber, granted: Number(owed.yen), outcome: 'granted' },
  });
}

/** What the rule says of the case as it stands, behind its lock; the refusal when it is not to be approved. */
async function owedNow(trx: Trx, row: Case, cutOff: boolean): Promise<Owed | ActRefusal> {
  const sheet = row.coupon_id === null ? null : await findCouponSheet(trx, { campaignId: row.campaign_id, id: row.coupon_id });
  if (!sheet) return refuseAct('case_not_ready');
  const all = await listCouponPaymentsForCase(trx, sheet.id);
  const chosen = await listCasePaymentNumbers(trx, row.id);
  const payments = all
    .filter(({ number }) => chosen.includes(number))
    .map(({ number, yen, booking, given_back }) => ({ number, yen, entered: booking === 'entered', givenBack: given_back }));
  const said = { validOn: row.valid_on, prefecture: row.prefecture, shop: row.shop };
  const known = { validUntil: sheet.validUntil, prefecture: sheet.prefecture, shops: all.map(({ shop }) => shop) };
  const proposal = proposeDecision({
    kind: row.kind,
    identified: row.identified_at !== null,
    agrees: compareSaid(said, known),
    payments,
    suspicious: true,
    shopAnswer: row.shop_answer,
    cutOff,
  });
  if (row.state !== 'checking' && row.state !== 'asking_shop') return refuseAct('case_not_ready');
  // Payments that came back or took nothing would be left out of what is approved: they are taken out of the case first.
  if (proposal.kind !== 'approve' || payments.some(({ entered, givenBack }) => !entered || givenBack)) return refuseAct('case_not_ready');
  return { row, couponId: sheet.id, payments: payments.map(({ number }) => number), yen: proposal.yen };
}

function planOf({ row, payments, yen }: Owed, evidence: string, facts: Pick<ActPlan, 'before' | 'after'>): OfficePlan {
  const input = { case: row.id, payments: payments.join(' '), evidence };
  return { subject: { kind: 'case', id: row.id }, plan: { input, yen: Number(yen), ...facts } };
}

async function putBack({ portal, trx, campaign, now }: OfficeContext, row: Case, { input }: ActPlan, leave: ActLeave): Promise<void> {
  const payments = (input.payments ?? '').split(' ');
  const planned = await planPutBack(trx, { campaign, coupon: { id: row.coupon_id ?? '' }, payments });
  if (isCouponRefusal(planned)) throw new Error(`planned, but ${planned.reason}`);
  const { approvalId, reason } = leave;
  await carryOutPutBack(portal, trx, planned, {
    actor: actorOf(leave.staffId),
    approvalId,
    reason,
    evidence: input.evidence ?? '',
    at: now,
  });
  const due_at = caseDue('approved', now, caseSettingsOf(campaign.settings));
  await trx
    .updateTable('cases')
    .set({ state: 'approved', state_at: now, reason: null, due_at, approval_id: approvalId, outcome: 'put_back' })
    .where('id', '=', row.id)
    .execute();
}

async function grant({ portal, trx, campaign, now }: OfficeContext, row: Case, { input }: ActPlan, leave: ActLeave): Promise<void> {
  const { crypto } = portal;
  const [recipientId, grantId] = [crypto.newId(now), crypto.newId(now)];
  const contact = sealContact(crypto, recipientId, { ...openCaller(crypto, row), kana: null });
  const digest = crypto.linkDigest(crypto.linkToken(grantId, 1));
  const actor = actorOf(leave.staffId);
  const due = caseDue('approved', now, caseSettingsOf(campaign.settings));
  await sql`
    select grant_case(${leave.approvalId}, ${row.id}, ${recipientId}, ${grantId}, ${crypto.newId(now)}, ${contact.contact_sealed},
      ${contact.contact_key_id}, ${contact.index_key_id}, ${contact.name_index}, ${contact.phone_index}, ${contact.mail_index},
      ${crypto.linkKeyId}, ${digest}, ${leave.reason}, ${input.evidence ?? ''}, ${actor}, ${now}, ${due})
  `.execute(trx);
}
