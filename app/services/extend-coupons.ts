import { appendAudit } from '#db/audit';
import { findCampaign } from '#db/campaigns';
import { appendExtension, countCovered, findCouponSheet, findExtensionOfAll } from '#db/coupon-acts';
import { hasCutoff } from '#db/coupons';
import { inTransaction } from '#db/transaction';
import { type CouponRefusal, whyNotRecorded } from '../domain/coupon-acts';
import { couponTermsOf, isCoveredByValidity } from '../domain/cutoff';
import type { Portal } from '../portal';

export interface CouponExtension {
  readonly campaignId: string;
  /** One coupon; left out, all that rule A of the notice covers. */
  readonly inquiryNumber?: string;
  readonly reason: string;
  readonly evidence: string;
  readonly actor: string;
  /** What an act of staff stands on; the database asks for it. */
  readonly approvalId?: string;
}

export type CouponExtensionResult =
  | { readonly kind: 'extended'; readonly coupons: number; readonly yen: bigint; readonly until: Date }
  | CouponRefusal;

/** Extends the validity of one coupon, or of all that lost their use in the failure, to the campaign's day. */
export async function extendCoupons(
  portal: Pick<Portal, 'db' | 'clock' | 'crypto'>,
  input: CouponExtension,
): Promise<CouponExtensionResult> {
  const { campaignId, inquiryNumber, reason, evidence, actor, approvalId } = input;
  const act = inquiryNumber === undefined ? 'extend_coupons' : 'extend_coupon';
  const wrong = whyNotRecorded(act, reason, evidence);
  if (wrong) return { kind: 'refused', reason: wrong };
  return inTransaction(portal.db, async (trx): Promise<CouponExtensionResult> => {
    const campaign = await findCampaign(trx, campaignId);
    if (!campaign) return { kind: 'refused', reason: 'campaign_unknown' };
    const terms = couponTermsOf(campaign.settings);
    if (!terms) return { kind: 'refused', reason: 'no_terms' };
    if (await hasCutoff(trx, campaignId)) return { kind: 'refused', reason: 'cut_off' };
    const until = terms.extendedUntil;
    const ofAll = await findExtensionOfAll(trx, campaignId);
    const sheet = inquiryNumber === undefined ? null : await findCouponSheet(trx, { campaignId, inquiryNumber });
    if (inquiryNumber !== undefined && !sheet) return { kind: 'refused', reason: 'coupon_unknown' };
    const byAll = sheet === null || isCoveredByValidity(terms, sheet.validUntil) ? ofAll : null;
    const best = Math.max(byAll?.getTime() ?? 0, sheet?.extendedUntil?.getTime() ?? 0, sheet?.validUntil.getTime() ?? 0);
    if (best >= until.getTime()) return { kind: 'refused', reason: 'already_extended' };
    const at = portal.clock.now();
    const count = sheet ? { coupons: 1, yen: sheet.remainingYen } : await countCovered(trx, { campaignId, ...terms });
    await appendExtension(
      trx,
      { id: portal.crypto.newId(at), campaignId, couponId: sheet?.id ?? null, until },
      { actor, approvalId, reason, evidence, at },
    );
    await appendAudit(trx, {
      id: portal.crypto.newId(at),
      campaignId,
      at,
      actor,
      act,
      subjectKind: sheet ? 'coupon' : 'coupons',
      subjectId: sheet?.id ?? campaignId,
      detail: { coupons: count.coupons, yen: Number(count.yen), until: until.toISOString(), reason, approval: approvalId ?? null },
    });
    return { kind: 'extended', ...count, until };
  });
}
