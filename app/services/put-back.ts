import { appendAudit } from '#db/audit';
import { findCampaign } from '#db/campaigns';
import { inTransaction } from '#db/transaction';
import { type CouponRefusal, whyNotRecorded } from '../domain/coupon-acts';
import type { Portal } from '../portal';
import { carryOutPutBack, planPutBack } from './parts/coupons/put-back';

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
  const { campaignId, inquiryNumber, payments, reason, evidence, actor, approvalId } = input;
  const wrong = whyNotRecorded('put_back', reason, evidence);
  if (wrong) return { kind: 'refused', reason: wrong };
  return inTransaction(portal.db, async (trx): Promise<PutBackResult> => {
    const campaign = await findCampaign(trx, campaignId);
    if (!campaign) return { kind: 'refused', reason: 'campaign_unknown' };
    const planned = await planPutBack(trx, { campaign, coupon: { inquiryNumber }, payments });
    if (planned.kind === 'refused') return planned;
    const { sheet, yen, validAfter } = planned;
    const at = portal.clock.now();
    await carryOutPutBack(portal, trx, planned, { actor, approvalId, reason, evidence, at });
    await appendAudit(trx, {
      id: portal.crypto.newId(at),
      campaignId,
      at,
      actor,
      act: 'put_back',
      subjectKind: 'coupon',
      subjectId: sheet.id,
      detail: { yen: Number(yen), payments: planned.payments.length, reason, approval: approvalId ?? null },
    });
    return { kind: 'put_back', yen, remainingYen: sheet.remainingYen + yen, extendedUntil: validAfter };
  });
}
