import type { Generated, Selectable } from 'kysely';
import type { ClaimState, ToldState } from '../../app/domain/claim';
import type { Nullable } from './column-types';

export interface ClaimsTable {
  id: string;
  campaign_id: string;
  number: string;
  state: ClaimState;
  state_at: Date;
  reason: Nullable<string>;
  details_sealed: Buffer;
  details_key_id: string;
  index_key_id: string;
  name_index: Buffer;
  phone_index: Buffer;
  mail_index: Buffer;
  address_index: Buffer;
  language: 'ja' | 'en';
  request_key: string;
  origin_tag: string;
  device_tag: string;
  mail_proven_at: Nullable<Date>;
  grant_id: Nullable<string>;
  approval_id: Nullable<string>;
  received_at: Date;
  lock_token: Nullable<number>;
  link_key_id: Nullable<string>;
  link_generation: Generated<number>;
}

export interface ClaimCouponsTable {
  claim_id: string;
  campaign_id: string;
  position: number;
  inquiry_number: string;
  coupon_id: Nullable<string>;
}

export interface ClaimDraftsTable {
  digest: Buffer;
  campaign_id: string;
  id: string;
  typed_sealed: Buffer;
  typed_key_id: string;
  begun_at: Date;
  saved_at: Date;
}

/** A state is told of by the mail that was queued when the claim came to it. */
export type ClaimMailPurpose = 'prove' | 'number' | ToldState;

export interface ClaimMailsTable {
  id: string;
  claim_id: string;
  purpose: ClaimMailPurpose;
  address_sealed: Buffer;
  address_key_id: string;
  state: 'queued' | 'sending' | 'sent' | 'failed' | 'unknown';
  attempts: Generated<number>;
  queued_at: Date;
  state_at: Date;
}

/** What staff put right in a claim. */
export interface ClaimCorrectionsTable {
  id: string;
  claim_id: string;
  campaign_id: string;
  what: 'mail' | 'proof' | 'number';
  was: Nullable<string>;
  became: Nullable<string>;
  reason: string;
  staff_id: string;
  at: Date;
}

/** A claim within a proposal to approve it. */
export interface ApprovalClaimsTable {
  approval_id: string;
  claim_id: string;
  campaign_id: string;
  yen: bigint;
  state: Generated<'waiting' | 'done' | 'skipped'>;
  outcome: Nullable<string>;
  at: Nullable<Date>;
}

/** Claims, the coupons they name, and what is being typed. */
export interface ClaimTables {
  claims: ClaimsTable;
  claim_coupons: ClaimCouponsTable;
  claim_arrows: { from_state: ClaimState; to_state: ClaimState };
  claim_drafts: ClaimDraftsTable;
  claim_mails: ClaimMailsTable;
  approval_claims: ApprovalClaimsTable;
  claim_corrections: ClaimCorrectionsTable;
}

export type Claim = Selectable<ClaimsTable>;
export type ClaimMail = Selectable<ClaimMailsTable>;
