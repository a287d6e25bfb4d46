import { appendAudit } from '#db/audit';
import { takeLock } from '#db/bulk';
import { findCampaign } from '#db/campaigns';
import { appendExtension, appendPutBack, findCouponSheet, listReturnable, lockCoupon } from '#db/coupon-acts';
import { hasCutoff, registerLock } from '#db/coupons';
import { inTransaction } from '#db/transaction';
import { type CouponRefusal, whyNotRecorded } from '../domain/coupon-acts';
import { couponTermsOf } from '../domain/cutoff';
import { sumYen } from '../domain/yen';
import type { Portal } from '../portal';

export interface PutBack {
  readonly campaignId: string;
  readonly inquiryNumber: string;
  /** Numbers of the payments whose yen are put back, each whole. */
  readonly payments: readonly string[];
  readonly reason: string;
  /** What shows it: the shop's answer, the case. Never a name or an address. */
  readonly evidence: string;
  readonly actor: string;
  /** What an act of staff stands on; the database asks for it. */
  readonly approvalId?: string;
}

export type PutBackResult =
  | { readonly kind: 'put_back'; readonly yen: bigint; readonly remainingYen: bigint; readonly extendedUntil: Date }
  | CouponRefusal;

/**
 * Puts the yen of payments back on their coupon (戻入) and extends it to the campaign's day, as the notice promises
 * both at once. Each payment is put back once. Not after the cut-off has begun: what is owed then is a grant's.
 */
export async function putBack(portal: Pick<Portal, 'db' | 'clock' | 'crypto'>, input: PutBack): Promise<PutBackResult> {
  const { campaignId, inquiryNumber, reason, evidence, actor, approvalId } = input;
  const wrong = whyNotRecorded('put_back', reason, evidence);
  if (wrong) return { kind: 'refused', reason: wrong };
  const numbers = [...new Set(input.payments)];
  if (numbers.length === 0) return { kind: 'refused', reason: 'payments_missing' };
  return inTransaction(portal.db, async (trx): Promise<PutBackResult> => {
    const campaign = await findCampaign(trx, campaignId);
    if (!campaign) return { kind: 'refused', reason: 'campaign_unknown' };
    const terms = couponTermsOf(campaign.settings);
    if (!terms) return { kind: 'refused', reason: 'no_terms' };
    await takeLock(trx, registerLock(campaignId));
    if (await hasCutoff(trx, campaignId)) return { kind: 'refused', reason: 'cut_off' };
    const sheet = await findCouponSheet(trx, { campaignId, inquiryNumber });
    if (!sheet) return { kind: 'refused', reason: 'coupon_unknown' };
    await lockCoupon(trx, sheet.id);
    const payments = await listReturnable(trx, { campaignId, couponId: sheet.id, numbers });
    const found = new Set(payments.map((payment) => payment.number));
    const unknown = numbers.filter((number) => !found.has(number));
    if (unknown.length > 0) return { kind: 'refused', reason: 'payment_unknown', payments: unknown };
    const at = portal.clock.now();
    const leave = { actor, approvalId, reason, evidence, at };
    await appendPutBack(trx, sheet, payments, leave);
    const until = terms.extendedUntil;
    const valid = Math.max(sheet.validUntil.getTime(), sheet.extendedUntil?.getTime() ?? 0);
    if (valid < until.getTime()) {
      await appendExtension(trx, { id: portal.crypto.newId(at), campaignId, couponId: sheet.id, until }, leave);
    }
    const yen = sumYen(payments.map((payment) => payment.yen));
    await appendAudit(trx, {
      id: portal.crypto.newId(at),
      campaignId,
      at,
      actor,
      act: 'put_back',
      subjectKind: 'coupon',
      subjectId: sheet.id,
      detail: { yen: Number(yen), payments: numbers.length, reason, approval: approvalId ?? null },
    });
    return { kind: 'put_back', yen, remainingYen: sheet.remainingYen + yen, extendedUntil: new Date(Math.max(valid, until.getTime())) };
  });
}
