import { tryShareLock } from '#db/bulk';
import type { CampaignTerms } from '#db/campaigns';
import {
  appendExtension,
  appendPutBack,
  type CouponLeave,
  type CouponSheet,
  findCouponSheet,
  listReturnable,
  lockCoupon,
} from '#db/coupon-acts';
import { hasCutoff, registerLock } from '#db/coupons';
import type { Trx } from '#db/database';
import type { CouponRefusal } from '../../../domain/coupon-acts';
import { couponTermsOf } from '../../../domain/cutoff';
import { sumYen, type Yen } from '../../../domain/yen';
import type { Portal } from '../../../portal';
import { findValidity } from './validity';

/** Which payments of which coupon are put back: each whole. */
export interface PutBackQuestion {
  readonly campaign: CampaignTerms;
  readonly coupon: { readonly id: string } | { readonly inquiryNumber: string };
  readonly payments: readonly string[];
}

export interface PlannedPutBack {
  readonly kind: 'planned';
  readonly sheet: CouponSheet;
  /** In the order of their numbers. */
  readonly payments: readonly { readonly number: string; readonly yen: Yen }[];
  readonly yen: Yen;
  /** Exclusive instants: until when it is valid now, and afterwards. */
  readonly validUntil: Date;
  readonly validAfter: Date;
}

/**
 * What putting back comes to now, behind the register's lock, which putters share, and the coupon's own. An import that
 * has the register is not waited for: it may take minutes.
 */
export async function planPutBack(trx: Trx, { campaign, coupon, payments }: PutBackQuestion): Promise<PlannedPutBack | CouponRefusal> {
  const numbers = [...new Set(payments)];
  if (numbers.length === 0) return { kind: 'refused', reason: 'payments_missing' };
  const terms = couponTermsOf(campaign.settings);
  if (!terms) return { kind: 'refused', reason: 'no_terms' };
  if (!(await tryShareLock(trx, registerLock(campaign.id)))) return { kind: 'refused', reason: 'register_busy' };
  if (await hasCutoff(trx, campaign.id)) return { kind: 'refused', reason: 'cut_off' };
  const found = await findCouponSheet(trx, { campaignId: campaign.id, ...coupon });
  if (!found) return { kind: 'refused', reason: 'coupon_unknown' };
  await lockCoupon(trx, found.id);
  const returnable = await listReturnable(trx, { campaignId: campaign.id, couponId: found.id, numbers });
  const known = new Set(returnable.map((payment) => payment.number));
  const unknown = numbers.filter((number) => !known.has(number));
  if (unknown.length > 0) return { kind: 'refused', reason: 'payment_unknown', payments: unknown };
  const validUntil = await findValidity(trx, { campaignId: campaign.id, terms, sheet: found });
  return {
    kind: 'planned',
    sheet: found,
    payments: returnable,
    yen: sumYen(returnable.map((payment) => payment.yen)),
    validUntil,
    validAfter: new Date(Math.max(validUntil.getTime(), terms.extendedUntil.getTime())),
  };
}

/** Puts the yen back and extends the coupon to the campaign's day, as the notice promises both at once. */
export async function carryOutPutBack(
  { crypto }: Pick<Portal, 'crypto'>,
  trx: Trx,
  { sheet, payments, validUntil, validAfter }: PlannedPutBack,
  leave: CouponLeave,
): Promise<void> {
  await appendPutBack(trx, sheet, payments, leave);
  if (validUntil >= validAfter) return;
  const extension = { id: crypto.newId(leave.at), campaignId: sheet.campaignId, couponId: sheet.id, until: validAfter };
  await appendExtension(trx, extension, leave);
}
