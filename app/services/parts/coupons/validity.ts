import { type CouponSheet, findExtensionOfAll } from '#db/coupon-acts';
import type { Trx } from '#db/database';
import { type CouponTerms, isCoveredByValidity } from '../../../domain/cutoff';

/** Until when a coupon is valid now (exclusive): as it was issued, and as it was extended by itself or with all others. */
export async function findValidity(trx: Trx, of: { campaignId: string; terms: CouponTerms; sheet: CouponSheet }): Promise<Date> {
  const { campaignId, terms, sheet } = of;
  const ofAll = isCoveredByValidity(terms, sheet.validUntil) ? await findExtensionOfAll(trx, campaignId) : null;
  return new Date(Math.max(sheet.validUntil.getTime(), sheet.extendedUntil?.getTime() ?? 0, ofAll?.getTime() ?? 0));
}
