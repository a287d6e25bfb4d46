import { findCouponByPlainNumber, listCouponPaymentsForCase, replaceCasePayments } from '#db/cases';
import { normaliseInquiry } from '../domain/claim-form';
import type { Portal } from '../portal';
import { type CaseStepped, type CaseWork, refuseStep, stepCase } from './parts/case-step';

/**
 * Says which coupon a case is about (where the number as it was said is not in the register), and which of its
 * payments. Not after it was decided.
 */
export async function chooseCasePayments(
  portal: Pick<Portal, 'db' | 'clock' | 'crypto'>,
  { number, payments, ...work }: CaseWork & { number: string | null; payments: readonly string[] },
): Promise<CaseStepped> {
  return stepCase(portal, work, async (trx, row) => {
    if (row.state === 'approved' || row.state === 'done') return refuseStep('not_now');
    const plain = number === null ? '' : normaliseInquiry(number);
    const found =
      row.coupon_id !== null || plain === '' ? null : await findCouponByPlainNumber(trx, { campaignId: row.campaign_id, number: plain });
    const couponId = row.coupon_id ?? found?.id;
    if (!couponId) return refuseStep('coupon_unknown', 'number');
    if (found) await trx.updateTable('cases').set({ coupon_id: couponId }).where('id', '=', row.id).execute();
    const own = (await listCouponPaymentsForCase(trx, couponId)).map((payment) => payment.number);
    const chosen = own.filter((each) => payments.includes(each));
    await replaceCasePayments(trx, row, chosen);
    return { act: found ? 'case.coupon' : 'case.payments', note: 'payments', detail: { payments: chosen.length } };
  });
}
