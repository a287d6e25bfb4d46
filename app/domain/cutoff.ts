import { couponSettings, incidentSettings } from './campaign';
import { exclusiveDeadline } from './deadline';
import type { Yen } from './yen';

/** When what happens to coupons, and whom the cut-off covers. Pure. All instants are exclusive but `began`. */
export interface CouponTerms {
  readonly began: Date;
  /** Coupons whose validity ended in the failure, between `began` and here, are covered (A). */
  readonly expiredAt: Date;
  readonly repeatMs: number;
  readonly extendedUntil: Date;
  readonly takenAt: Date;
  readonly minimumYen: Yen;
}

/** A campaign's terms for coupons; null when it has none. */
export function couponTermsOf(settings: unknown): CouponTerms | null {
  const { incident, coupon } = (settings ?? {}) as { incident?: unknown; coupon?: unknown };
  const [failure, terms] = [incidentSettings.safeParse(incident), couponSettings.safeParse(coupon)];
  if (!failure.success || !terms.success) return null;
  return {
    began: new Date(failure.data.began),
    expiredAt: exclusiveDeadline(new Date(failure.data.couponExpiredAt)),
    repeatMs: failure.data.repeatMinutes * 60_000,
    extendedUntil: exclusiveDeadline(new Date(terms.data.extendedUntil)),
    takenAt: exclusiveDeadline(new Date(terms.data.residualTakenAt)),
    minimumYen: BigInt(terms.data.minimumResidualYen),
  };
}

/** Rule A of the notice: the coupon was valid when the failure began and its validity ended in it. */
export function isCoveredByValidity(terms: CouponTerms, validUntil: Date): boolean {
  return validUntil > terms.began && validUntil <= terms.expiredAt;
}

/**
 * Shares coupons out so that no share is above the ceiling, in their order; a share holds one person's only. A coupon that
 * is above it by itself makes a share of its own.
 */
export function shareOut<T extends { readonly person: string; readonly yen: Yen }>(coupons: readonly T[], ceilingYen: Yen): T[][] {
  const shares: T[][] = [];
  let sum = 0n;
  for (const coupon of coupons) {
    const last = shares.at(-1);
    if (last && last[0]?.person === coupon.person && sum + coupon.yen <= ceilingYen) {
      last.push(coupon);
      sum += coupon.yen;
    } else {
      shares.push([coupon]);
      sum = coupon.yen;
    }
  }
  return shares;
}
