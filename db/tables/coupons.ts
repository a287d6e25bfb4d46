import type { Generated, Selectable } from 'kysely';
import type { Nullable } from './column-types';

export interface CouponsTable {
  id: string;
  campaign_id: string;
  import_id: string;
  inquiry_number: string;
  prefecture: string;
  issuer: string;
  face_yen: bigint;
  listed_yen: bigint;
  listed_at: Date;
  valid_until: Date;
  in_app: boolean;
  left_on: Nullable<string>;
  contact_sealed: Nullable<Buffer>;
  contact_key_id: Nullable<string>;
  index_key_id: Nullable<string>;
  phone_index: Nullable<Buffer>;
  mail_index: Nullable<Buffer>;
  lock_token: Nullable<number>;
  renewed_by: Nullable<string>;
}

export interface CouponDifferencesTable {
  import_id: string;
  coupon_id: string;
  campaign_id: string;
  field: 'prefecture' | 'issuer' | 'face' | 'balance' | 'valid' | 'app' | 'phone' | 'mail' | 'left';
  before: Nullable<string>;
  after: Nullable<string>;
  renewed: boolean;
}

export interface PaymentsTable {
  campaign_id: string;
  number: string;
  import_id: string;
  coupon_id: string;
  shop: string;
  yen: bigint;
  paid_at: Date;
  outcome: 'paid' | 'timed_out' | 'unanswered';
  booking: 'entered' | 'nothing' | 'late';
}

export interface CouponEntriesTable {
  id: Generated<bigint>;
  coupon_id: string;
  campaign_id: string;
  kind: 'issued' | 'spent' | 'put_back' | 'taken' | 'granted';
  from_account: 'face' | 'remaining' | 'spent';
  to_account: 'remaining' | 'spent' | 'taken';
  yen: bigint;
  payment_number: Nullable<string>;
  approval_id: Nullable<string>;
  reason: Nullable<string>;
  evidence: Nullable<string>;
  actor: string;
  at: Date;
}

export interface CouponExtensionsTable {
  id: string;
  campaign_id: string;
  coupon_id: Nullable<string>;
  until: Date;
  approval_id: Nullable<string>;
  reason: string;
  evidence: string;
  actor: string;
  at: Date;
}

export interface CutoffsTable {
  campaign_id: string;
  taken_at: Date;
  began_at: Date;
  actor: string;
  done_person: Nullable<string>;
  finished_at: Nullable<Date>;
}

export interface CutoffLinesTable {
  campaign_id: string;
  person: string;
  coupon_id: string;
  yen: bigint;
  way: 'app' | 'claim';
}

export interface GrantCouponsTable {
  coupon_id: string;
  grant_id: string;
  campaign_id: string;
  yen: bigint;
}

/** Coupons, what was paid with them, and the cut-off that turns what is left into grants. */
export interface CouponTables {
  coupons: CouponsTable;
  coupon_differences: CouponDifferencesTable;
  payments: PaymentsTable;
  coupon_entries: CouponEntriesTable;
  coupon_extensions: CouponExtensionsTable;
  cutoffs: CutoffsTable;
  cutoff_lines: CutoffLinesTable;
  grant_coupons: GrantCouponsTable;
}

export type Coupon = Selectable<CouponsTable>;
