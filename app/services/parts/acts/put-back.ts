import type { ActPlan } from '../../../domain/acts';
import { whyNoEvidence } from '../../../domain/coupon-acts';
import { carryOutPutBack, planPutBack } from '../coupons/put-back';
import { actorOf } from './act';
import { isCouponRefusal, refuseByRegister } from './coupon-fields';
import type { OfficeAct, OfficeContext } from './office-act';

/** Puts payments back on their coupon (戻入) and extends it, as one decision. */
export const putBackOnCoupon: OfficeAct = {
  async plan(context, fields) {
    const evidence = (fields.evidence ?? '').trim();
    const wrong = whyNoEvidence(evidence);
    if (wrong) return refuseByRegister(wrong);
    const planned = await planNow(context, fields);
    if (isCouponRefusal(planned)) return refuseByRegister(planned.reason);
    const { sheet, payments, yen, validUntil, validAfter } = planned;
    const plan: ActPlan = {
      input: { coupon: sheet.id, payments: payments.map(({ number }) => number).join(' '), evidence },
      yen: Number(yen),
      before: {
        coupon: sheet.inquiryNumber,
        spent: Number(sheet.spentYen),
        remaining: Number(sheet.remainingYen),
        validity: validUntil.toISOString(),
      },
      after: {
        coupon: sheet.inquiryNumber,
        spent: Number(sheet.spentYen - yen),
        remaining: Number(sheet.remainingYen + yen),
        validity: validAfter.toISOString(),
      },
    };
    return { subject: { kind: 'coupon', id: sheet.id }, plan };
  },
  async carryOut(context, plan, leave) {
    const planned = await planNow(context, plan.input);
    if (isCouponRefusal(planned)) throw new Error(`planned, but ${planned.reason}`);
    const { portal, trx, now } = context;
    await carryOutPutBack(portal, trx, planned, {
      actor: actorOf(leave.staffId),
      approvalId: leave.approvalId,
      reason: leave.reason,
      evidence: plan.input.evidence ?? '',
      at: now,
    });
    return 'done';
  },
};

function planNow({ trx, campaign }: OfficeContext, fields: Readonly<Record<string, string>>) {
  const payments = (fields.payments ?? '').split(/\s+/).filter((number) => number !== '');
  return planPutBack(trx, { campaign, coupon: { id: fields.coupon ?? '' }, payments });
}
