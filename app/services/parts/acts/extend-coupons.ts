import { sql } from 'kysely';
import type { ActPlan, ActRefusal, Facts } from '../../../domain/acts';
import { whyNoEvidence } from '../../../domain/coupon-acts';
import { carryOutExtension, type ExtensionQuestion, planExtension } from '../coupons/extend';
import { type ActLeave, actorOf } from './act';
import { isCouponRefusal, refuseByRegister } from './coupon-fields';
import type { OfficeAct, OfficeContext, OfficePlan } from './office-act';

type Which = ExtensionQuestion['coupon'];
type Fields = Readonly<Record<string, string>>;

/** Extends one coupon to the campaign's day. */
export const extendOneCoupon: OfficeAct = {
  plan: (context, fields) => plan(context, { id: fields.coupon ?? '' }, fields),
  carryOut: (context, own, leave) => carryOut(context, { id: own.input.coupon ?? '' }, own, leave),
};

/** Extends all coupons that lost their use in the failure. */
export const extendAllCoupons: OfficeAct = {
  async plan(context, fields) {
    // Counts through the whole register.
    await sql`set local statement_timeout = '60s'`.execute(context.trx);
    return plan(context, null, fields);
  },
  carryOut: (context, own, leave) => carryOut(context, null, own, leave),
};

async function plan({ trx, campaign }: OfficeContext, coupon: Which, fields: Fields): Promise<OfficePlan | ActRefusal> {
  const evidence = (fields.evidence ?? '').trim();
  const wrong = whyNoEvidence(evidence);
  if (wrong) return refuseByRegister(wrong);
  const planned = await planExtension(trx, { campaign, coupon });
  if (isCouponRefusal(planned)) return refuseByRegister(planned.reason);
  const { sheet, coupons, yen, validUntil, until } = planned;
  const facts: Facts = sheet ? { coupon: sheet.inquiryNumber, remaining: Number(sheet.remainingYen) } : { coupons, remaining: Number(yen) };
  return {
    subject: sheet ? { kind: 'coupon', id: sheet.id } : { kind: 'coupons', id: campaign.id },
    plan: {
      input: { ...(sheet && { coupon: sheet.id }), evidence },
      yen: Number(yen),
      before: { ...facts, validity: validUntil.toISOString() },
      after: { ...facts, validity: until.toISOString() },
    },
  };
}

async function carryOut({ portal, trx, campaign, now }: OfficeContext, coupon: Which, own: ActPlan, leave: ActLeave): Promise<'done'> {
  const planned = await planExtension(trx, { campaign, coupon });
  if (isCouponRefusal(planned)) throw new Error(`planned, but ${planned.reason}`);
  await carryOutExtension(portal, trx, planned, {
    actor: actorOf(leave.staffId),
    approvalId: leave.approvalId,
    reason: leave.reason,
    evidence: own.input.evidence ?? '',
    at: now,
  });
  return 'done';
}
