import { type ActRefusal, refuseAct } from '../../../domain/acts';
import type { CouponRefusal, CouponRefusalReason } from '../../../domain/coupon-acts';

/** The fields of an act's form that refusals of the register are about; the others are about the whole. */
const FIELDS: Readonly<Partial<Record<CouponRefusalReason, string>>> = {
  evidence_missing: 'evidence',
  evidence_too_long: 'evidence',
  payments_missing: 'payments',
  payment_unknown: 'payments',
};

/** The register's refusal as one of an act. */
export function refuseByRegister(reason: CouponRefusalReason): ActRefusal {
  if (reason === 'campaign_unknown') return refuseAct('not_found');
  return reason === 'reason_unknown' ? refuseAct('reason_missing', 'reason') : refuseAct(reason, FIELDS[reason]);
}

/** Whether the register refused. */
export function isCouponRefusal(value: { readonly kind: string }): value is CouponRefusal {
  return value.kind === 'refused';
}
