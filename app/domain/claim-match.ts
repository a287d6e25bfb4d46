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
    /** The app can reach its holder. */
    readonly inApp: boolean;
    readonly remainingYen: Yen;
  } | null;
  /** Whether the cut-off has taken what was left; before it nobody knows what is owed. */
  readonly cutOff: boolean;
  /** Another programme's register has it. */
  readonly elsewhere: boolean;
  /** The reference number of the claim that named it first, when that is not this one and was not refused. */
  readonly claimedFirstBy: string | null;
}

export type CouponVerdict =
  | 'payable'
  | 'with_app'
  | 'already_claimed'
  | 'already_granted'
  | 'balance_zero'
  | 'before_cutoff'
  | 'wrong_programme'
  | 'unknown';

/** What a coupon comes to. The worst is said first: a coupon that was paid is paid, whoever claims it. */
export function decideCoupon({ register, elsewhere, claimedFirstBy, cutOff }: Omit<ClaimedCoupon, 'inquiryNumber'>): CouponVerdict {
  if (!register) return elsewhere ? 'wrong_programme' : 'unknown';
  if (register.way === 'app') return 'with_app';
  if (register.granted) return 'already_granted';
  if (!cutOff && register.inApp) return 'with_app';
  if (cutOff ? register.way === null || register.takenYen <= 0n : register.remainingYen <= 0n) return 'balance_zero';
  if (claimedFirstBy !== null) return 'already_claimed';
  return cutOff ? 'payable' : 'before_cutoff';
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
