import type { Permission } from './access';
import { COUPON_ACTS } from './coupon-acts';

/**
 * Acts of the office that need leave and are not about one person's grant: on the register of coupons, and the
 * cut-off. Who may propose each, and for which reasons. Pure.
 */
export interface OfficeActRule {
  readonly permission: Permission;
  /** Why it is done; one is chosen. */
  readonly reasons: readonly string[];
}

export const OFFICE_ACTS = {
  put_back: { permission: 'put_back', reasons: COUPON_ACTS.put_back },
  extend_coupon: { permission: 'extend_coupon', reasons: COUPON_ACTS.extend_coupon },
  extend_coupons: { permission: 'extend_coupons', reasons: COUPON_ACTS.extend_coupons },
  decide_case: { permission: 'decide_case', reasons: ['shop_confirmed', 'records_agree', 'other'] },
  change_campaign: { permission: 'edit_campaign', reasons: ['office_decided', 'mistake', 'other'] },
} as const satisfies Record<string, OfficeActRule>;
export type OfficeActName = keyof typeof OFFICE_ACTS;

/** Whether a text names one of them. */
export function isOfficeActName(text: string): text is OfficeActName {
  return Object.hasOwn(OFFICE_ACTS, text);
}
