import { appendAudit } from '#db/audit';
import { findCampaign } from '#db/campaigns';
import { inTransaction } from '#db/transaction';
import { type CouponRefusal, whyNotRecorded } from '../domain/coupon-acts';
import type { Portal } from '../portal';
import { carryOutExtension, planExtension } from './parts/coupons/extend';

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
    const planned = await planExtension(trx, { campaign, coupon: inquiryNumber === undefined ? null : { inquiryNumber } });
    if (planned.kind === 'refused') return planned;
    const { sheet, coupons, yen, until } = planned;
    const at = portal.clock.now();
    await carryOutExtension(portal, trx, planned, { actor, approvalId, reason, evidence, at });
    await appendAudit(trx, {
      id: portal.crypto.newId(at),
      campaignId,
      at,
      actor,
      act,
      subjectKind: sheet ? 'coupon' : 'coupons',
      subjectId: sheet?.id ?? campaignId,
      detail: { coupons, yen: Number(yen), until: until.toISOString(), reason, approval: approvalId ?? null },
    });
    return { kind: 'extended', coupons, yen, until };
  });
}
