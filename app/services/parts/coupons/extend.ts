import type { CampaignTerms } from '#db/campaigns';
import { appendExtension, type CouponLeave, type CouponSheet, countCovered, findCouponSheet, findExtensionOfAll } from '#db/coupon-acts';
import { hasCutoff } from '#db/coupons';
import type { Trx } from '#db/database';
import type { CouponRefusal } from '../../../domain/coupon-acts';
import { couponTermsOf } from '../../../domain/cutoff';
import type { Yen } from '../../../domain/yen';
import type { Portal } from '../../../portal';
import { findValidity } from './validity';

/** One coupon, or (null) all that rule A of the notice covers. */
export interface ExtensionQuestion {
  readonly campaign: CampaignTerms;
  readonly coupon: { readonly id: string } | { readonly inquiryNumber: string } | null;
}

export interface PlannedExtension {
  readonly kind: 'planned';
  readonly campaignId: string;
  readonly sheet: CouponSheet | null;
  readonly coupons: number;
  readonly yen: Yen;
  /** Exclusive instants: until when it is or they are valid now, and afterwards. */
  readonly validUntil: Date;
  readonly until: Date;
}

/** What an extension to the campaign's day comes to now. */
export async function planExtension(trx: Trx, { campaign, coupon }: ExtensionQuestion): Promise<PlannedExtension | CouponRefusal> {
  const campaignId = campaign.id;
  const terms = couponTermsOf(campaign.settings);
  if (!terms) return { kind: 'refused', reason: 'no_terms' };
  if (await hasCutoff(trx, campaignId)) return { kind: 'refused', reason: 'cut_off' };
  const until = terms.extendedUntil;
  const sheet = coupon && (await findCouponSheet(trx, { campaignId, ...coupon }));
  if (coupon && !sheet) return { kind: 'refused', reason: 'coupon_unknown' };
  const validUntil = sheet
    ? await findValidity(trx, { campaignId, terms, sheet })
    : new Date(Math.max((await findExtensionOfAll(trx, campaignId))?.getTime() ?? 0, terms.expiredAt.getTime()));
  if (validUntil >= until) return { kind: 'refused', reason: 'already_extended' };
  const count = sheet ? { coupons: 1, yen: sheet.remainingYen } : await countCovered(trx, { campaignId, ...terms });
  return { kind: 'planned', campaignId, sheet, ...count, validUntil, until };
}

/** Writes it down. */
export async function carryOutExtension(
  { crypto }: Pick<Portal, 'crypto'>,
  trx: Trx,
  { campaignId, sheet, until }: PlannedExtension,
  leave: CouponLeave,
): Promise<void> {
  await appendExtension(trx, { id: crypto.newId(leave.at), campaignId, couponId: sheet?.id ?? null, until }, leave);
}
