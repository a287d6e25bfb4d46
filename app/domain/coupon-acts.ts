/** What is done to coupons and why: each stands in the register with its evidence. Pure. */
export const COUPON_ACTS = {
  extend_coupons: ['failure', 'other'],
  extend_coupon: ['failure', 'case_approved', 'other'],
  put_back: ['unanswered', 'charged_twice', 'shop_confirmed', 'other'],
} as const;
export type CouponAct = keyof typeof COUPON_ACTS;

export const COUPON_REFUSALS = [
  'campaign_unknown',
  'no_terms',
  'coupon_unknown',
  'payment_unknown',
  'payments_missing',
  'reason_unknown',
  'evidence_missing',
  'evidence_too_long',
  'already_extended',
  'cut_off',
  'register_busy',
] as const;
export type CouponRefusalReason = (typeof COUPON_REFUSALS)[number];

export interface CouponRefusal {
  readonly kind: 'refused';
  readonly reason: CouponRefusalReason;
  /** Payments that cannot be put back: unknown, of another coupon, without effect, or put back already. */
  readonly payments?: readonly string[];
}

/** Checks what was written down; null when it is enough. */
export function whyNotRecorded(act: CouponAct, reason: string, evidence: string): CouponRefusalReason | null {
  return (COUPON_ACTS[act] as readonly string[]).includes(reason) ? whyNoEvidence(evidence) : 'reason_unknown';
}

/** Whether the evidence can stand in the register; null when it can. */
export function whyNoEvidence(evidence: string): 'evidence_missing' | 'evidence_too_long' | null {
  if (evidence.trim() === '') return 'evidence_missing';
  return evidence.length > 500 ? 'evidence_too_long' : null;
}
