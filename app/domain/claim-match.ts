import type { Yen } from './yen';

/** What the register knows of a coupon that a claim names. */
export interface ClaimedCoupon {
  readonly inquiryNumber: string;
  /** Null: the register has no such coupon in this programme. */
  readonly register: {
    readonly couponId: string;
    /** By which way the cut-off took what was left; null when it took nothing. */
    readonly way: 'app' | 'claim' | null;
    readonly takenYen: Yen;
    readonly granted: boolean;
  } | null;
  /** Another programme's register has it. */
  readonly elsewhere: boolean;
  /** The reference number of the claim that named it first, when that is not this one and was not refused. */
  readonly claimedFirstBy: string | null;
}

export type CouponVerdict = 'payable' | 'with_app' | 'already_claimed' | 'already_granted' | 'balance_zero' | 'wrong_programme' | 'unknown';

/** What a coupon comes to. The worst is said first: a coupon that was paid is paid, whoever claims it. */
export function decideCoupon({ register, elsewhere, claimedFirstBy }: Omit<ClaimedCoupon, 'inquiryNumber'>): CouponVerdict {
  if (!register) return elsewhere ? 'wrong_programme' : 'unknown';
  if (register.way === 'app') return 'with_app';
  if (register.granted) return 'already_granted';
  if (register.way === null || register.takenYen <= 0n) return 'balance_zero';
  return claimedFirstBy === null ? 'payable' : 'already_claimed';
}

/** Whether a claim matches the register wholly: then it is proposed for approval, else a person looks at it. Never a no by itself. */
export function decideClaim(coupons: readonly ClaimedCoupon[]): {
  readonly whole: boolean;
  readonly yen: Yen;
  readonly verdicts: readonly CouponVerdict[];
} {
  const verdicts = coupons.map(decideCoupon);
  const yen = coupons.reduce((sum, coupon, i) => (verdicts[i] === 'payable' ? sum + (coupon.register?.takenYen ?? 0n) : sum), 0n);
  return { whole: verdicts.length > 0 && verdicts.every((verdict) => verdict === 'payable'), yen, verdicts };
}
