import type { ColumnType, Generated, Selectable } from 'kysely';
import type { CampaignSettings } from '../app/domain/campaign';
import type { AuditTables } from './tables/audit';
import type { CaseTables } from './tables/cases';
import type { ClaimTables } from './tables/claims';
import type { Json, Nullable } from './tables/column-types';
import type { CouponTables } from './tables/coupons';
import type { ExportTables } from './tables/exports';
import type { LetterTables } from './tables/letters';
import type { MessageTables } from './tables/messages';
import type { MoneyTables } from './tables/money';
import type { ProofTables } from './tables/proofs';
import type { RecoveryTables } from './tables/recoveries';
import type { RehearsalsTable } from './tables/rehearsals';
import type { SearchTables } from './tables/search';
import type { StaffTables } from './tables/staff';
import type { TextTables } from './tables/texts';
import type { WaveTables } from './tables/waves';

/**
 * The tables as Kysely sees them (those of the console in `tables/`). Money is `bigint` (pg's int8 is parsed to it), instants are `Date`,
 * ids are UUID strings made by the application, days are `YYYY-MM-DD` strings.
 */

export interface CampaignVersionsTable {
  campaign_id: string;
  version: number;
  content: unknown;
  note: string;
  made_by: string;
  made_at: Date;
  approval_id: Nullable<string>;
}

export interface CampaignsTable {
  id: string;
  /** Checked by the campaign schema before it is stored. */
  settings: Json<CampaignSettings>;
  redeem_until: Date;
  grant_ceiling_yen: bigint;
  created_at: Date;
}

export interface OffersTable {
  campaign_id: string;
  provider: string;
  position: number;
  label: Json<unknown>;
  amount: Json<unknown>;
  source: 'api' | 'stock';
  paused_at: Nullable<Date>;
  pause_note: ColumnType<unknown, string | null | undefined, string | null>;
}

export type ImportKind = 'grants' | 'stock' | 'coupons' | 'coupon_renewals' | 'payments';

export interface ImportsTable {
  id: string;
  campaign_id: string;
  kind: ImportKind;
  file_name: string;
  file_digest: Buffer;
  row_count: number;
  accepted_count: number;
  rejected_count: number;
  total_yen: bigint;
  actor: string;
  at: Date;
}

export interface RecipientsTable {
  id: string;
  campaign_id: string;
  contact_sealed: Buffer;
  contact_key_id: string;
  index_key_id: string;
  name_index: Nullable<Buffer>;
  kana_index: Nullable<Buffer>;
  phone_index: Nullable<Buffer>;
  mail_index: Nullable<Buffer>;
}

export interface GrantsTable {
  id: string;
  campaign_id: string;
  recipient_id: string;
  import_id: Nullable<string>;
  number: string;
  inquiry_number: Nullable<string>;
  granted_yen: bigint;
  deadline_at: Date;
  channel: 'mail' | 'sms';
  link_key_id: string;
  link_generation: Generated<number>;
  link_digest: Buffer;
  frozen_at: Nullable<Date>;
  frozen_until: Nullable<Date>;
  created_at: Date;
  lock_token: Nullable<number>;
  deadline_by: Nullable<string>;
  sending_group: Generated<'app' | 'claim'>;
}

export type JournalKind = 'granted' | 'accepted' | 'issued' | 'returned' | 'lapsed' | 'voided' | 'corrected' | 'extended';

export interface JournalEntriesTable {
  id: string;
  campaign_id: string;
  kind: JournalKind;
  grant_id: Nullable<string>;
  redemption_id: Nullable<string>;
  code_id: Nullable<string>;
  approval_id: Nullable<string>;
  actor: string;
  reason: Nullable<string>;
  at: Date;
}

export type Account = 'fund' | 'grant' | 'pending' | 'issued' | 'lapsed';

export interface PostingsTable {
  entry_id: string;
  position: number;
  campaign_id: string;
  account: Account;
  grant_id: Nullable<string>;
  redemption_id: Nullable<string>;
  provider: Nullable<string>;
  yen: bigint;
}

export type RedemptionStateColumn = 'requested' | 'issuing' | 'in_doubt' | 'failed' | 'issued' | 'cancelled';

export interface RedemptionsTable {
  id: string;
  campaign_id: string;
  grant_id: string;
  request_key: string;
  position: number;
  provider: string;
  source: 'api' | 'stock';
  yen: bigint;
  state: RedemptionStateColumn;
  state_at: Date;
  accepted_at: Date;
  created_at: Date;
  replaces_id: Nullable<string>;
}

export interface CodesTable {
  id: string;
  redemption_id: string;
  campaign_id: string;
  position: number;
  yen: bigint;
  returned_at: Nullable<Date>;
}

export type IssuanceState = 'open' | 'issued' | 'declined' | 'unknown' | 'voided';

export interface IssuancesTable {
  id: string;
  code_id: string;
  campaign_id: string;
  provider: string;
  yen: bigint;
  provider_key: string;
  state: IssuanceState;
  calls: Generated<number>;
  leased_until: Nullable<Date>;
  called_at: Nullable<Date>;
  unknown_since: Nullable<Date>;
  unknown_at: Nullable<Date>;
  handed_over_at: Nullable<Date>;
  cause: Nullable<string>;
  reason: Nullable<string>;
  detail: Nullable<string>;
  reference: Nullable<string>;
  digest: Nullable<Buffer>;
  code_sealed: Nullable<Buffer>;
  code_key_id: Nullable<string>;
  last4: Nullable<string>;
  management_no: Nullable<string>;
  expires_on: Nullable<string>;
  created_at: Date;
  settled_at: Nullable<Date>;
  reopened_by: Nullable<string>;
  settled_by: Nullable<string>;
  voided_by: Nullable<string>;
  void_reason: Nullable<'cancelled' | 'proven_bad'>;
  voided_at: Nullable<Date>;
}

export interface StockCodesTable {
  id: string;
  campaign_id: string;
  provider: string;
  import_id: string;
  yen: bigint;
  code_sealed: Nullable<Buffer>;
  code_key_id: Nullable<string>;
  digest: Buffer;
  starts_on: Nullable<string>;
  expires_on: string;
  issuance_id: Nullable<string>;
  claimed_at: Nullable<Date>;
}

export interface RevealsTable {
  id: string;
  issuance_id: string;
  grant_id: string;
  actor: string;
  outcome: 'shown' | 'unavailable';
  at: Date;
}

export interface AuditEntriesTable {
  id: string;
  campaign_id: Nullable<string>;
  at: Date;
  actor: string;
  act: string;
  subject_kind: string;
  subject_id: string;
  detail: Json<unknown>;
}

export interface ProviderStatesTable {
  provider: string;
  next_slot_at: Nullable<Date>;
  trouble_count: Generated<number>;
  trouble_since: Nullable<Date>;
  closed_until: Nullable<Date>;
  last_ok_at: Nullable<Date>;
}

export interface Database
  extends StaffTables,
    SearchTables,
    MessageTables,
    AuditTables,
    MoneyTables,
    ExportTables,
    ProofTables,
    RecoveryTables,
    CouponTables,
    CaseTables,
    ClaimTables,
    LetterTables,
    TextTables,
    WaveTables {
  campaigns: CampaignsTable;
  campaign_versions: CampaignVersionsTable;
  rehearsals: RehearsalsTable;
  offers: OffersTable;
  imports: ImportsTable;
  recipients: RecipientsTable;
  grants: GrantsTable;
  journal_entries: JournalEntriesTable;
  postings: PostingsTable;
  redemptions: RedemptionsTable;
  codes: CodesTable;
  issuances: IssuancesTable;
  stock_codes: StockCodesTable;
  reveals: RevealsTable;
  audit_entries: AuditEntriesTable;
  provider_states: ProviderStatesTable;
}

export type Grant = Selectable<GrantsTable>;
export type Redemption = Selectable<RedemptionsTable>;
export type Code = Selectable<CodesTable>;
export type Issuance = Selectable<IssuancesTable>;
