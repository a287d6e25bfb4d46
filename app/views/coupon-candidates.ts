import { findCampaign } from '#db/campaigns';
import type { Db } from '#db/database';
import { type IncidentRow, listIncidentPayments } from '#db/incident';
import { couponTermsOf } from '../domain/cutoff';
import { type Candidate, findCandidates } from '../domain/incident';

/** A candidate for (B) with the coupon it is about. */
export interface CouponCandidate extends Candidate {
  readonly couponId: string;
  readonly inquiryNumber: string;
  /** Whether all that was too much was put back already. */
  readonly settled: boolean;
}

export interface CandidatePage {
  readonly candidates: readonly CouponCandidate[];
  /** Inquiry number behind which the next page begins; null at the end. */
  readonly next: string | null;
}

/** One page of candidates, in the order of inquiry numbers; null when the campaign has no failure or coupons. */
export async function listCandidates(
  db: Db,
  { campaignId, after = '', coupons = 500 }: { campaignId: string; after?: string; coupons?: number },
): Promise<CandidatePage | null> {
  const campaign = await findCampaign(db, campaignId);
  const terms = campaign && couponTermsOf(campaign.settings);
  if (!terms) return null;
  const rows = await listIncidentPayments(db, { campaignId, from: terms.began, until: terms.expiredAt, after, coupons });
  const byCoupon = new Map<string, IncidentRow[]>();
  for (const row of rows) {
    const own = byCoupon.get(row.coupon_id);
    if (own) own.push(row);
    else byCoupon.set(row.coupon_id, [row]);
  }
  const candidates = [...byCoupon.values()].flatMap((own) => candidatesOf(own, terms.repeatMs));
  return { candidates, next: byCoupon.size < coupons ? null : (rows.at(-1)?.inquiry_number ?? null) };
}

function candidatesOf(rows: readonly IncidentRow[], repeatMs: number): CouponCandidate[] {
  const [first] = rows;
  if (!first) return [];
  const putBack = new Set(rows.filter((row) => row.put_back).map((row) => row.number));
  const payments = rows.map(({ number, shop, yen, paid_at, outcome }) => ({ number, shop, yen, paidAt: paid_at, outcome }));
  return findCandidates(payments, repeatMs).map((candidate) => ({
    ...candidate,
    couponId: first.coupon_id,
    inquiryNumber: first.inquiry_number,
    settled: candidate.excess.every(({ number }) => putBack.has(number)),
  }));
}
