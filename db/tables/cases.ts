import type { Selectable } from 'kysely';
import type { CallerWay, CaseKind, CaseOutcome, CaseState, ShopAnswer } from '../../app/domain/case';
import type { Nullable } from './column-types';

export interface CasesTable {
  id: string;
  campaign_id: string;
  number: string;
  state: CaseState;
  state_at: Date;
  reason: Nullable<string>;
  kind: CaseKind;
  contact_sealed: Buffer;
  contact_key_id: string;
  index_key_id: string;
  name_index: Buffer;
  phone_index: Buffer;
  mail_index: Nullable<Buffer>;
  inquiry_number: string;
  valid_on: string;
  prefecture: string;
  shop: string;
  caller_way: CallerWay;
  caller_facts: Nullable<string>;
  identified_at: Nullable<Date>;
  coupon_id: Nullable<string>;
  owner_id: Nullable<string>;
  due_at: Nullable<Date>;
  shop_answer: Nullable<ShopAnswer>;
  shop_answered_at: Nullable<Date>;
  approval_id: Nullable<string>;
  outcome: Nullable<CaseOutcome>;
  grant_id: Nullable<string>;
  request_key: string;
  opened_by: string;
  opened_at: Date;
  lock_token: Nullable<number>;
}

export interface CaseNotesTable {
  id: string;
  case_id: string;
  campaign_id: string;
  kind: 'opened' | 'note' | 'moved' | 'identified' | 'shop' | 'payments';
  state: CaseState;
  reason: Nullable<string>;
  body_sealed: Nullable<Buffer>;
  body_key_id: Nullable<string>;
  actor: string;
  at: Date;
}

/** Cases by telephone, the payments they are about, and what was said and done. */
export interface CaseTables {
  cases: CasesTable;
  case_arrows: { from_state: CaseState; to_state: CaseState };
  case_payments: { case_id: string; campaign_id: string; payment_number: string };
  case_notes: CaseNotesTable;
}

export type Case = Selectable<CasesTable>;
