import type { Generated, Selectable } from 'kysely';
import type { Json, Nullable } from './column-types';

export interface ProviderFundsTable {
  provider: string;
  yen: Nullable<bigint>;
  at: Nullable<Date>;
  cause: Nullable<string>;
  asked_at: Nullable<Date>;
  low_yen: Nullable<bigint>;
}

export interface StockMarksTable {
  campaign_id: string;
  provider: string;
  yen: bigint;
  low_codes: number;
}

export interface StatementMapsTable {
  provider: string;
  columns: Json<unknown>;
  set_by: string;
  set_at: Date;
}

export interface StatementsTable {
  id: string;
  campaign_id: string;
  provider: string;
  file_name: string;
  file_digest: Buffer;
  from_at: Date;
  until_at: Date;
  row_count: number;
  total_yen: bigint;
  uploaded_by: string;
  at: Date;
  matched_at: Nullable<Date>;
  matched_count: Generated<number>;
}

export interface StatementLinesTable {
  statement_id: string;
  position: number;
  reference: string;
  yen: bigint;
  at: Nullable<Date>;
  kind: 'issued' | 'cancelled';
}

export type FindingKind = 'missing_there' | 'missing_here' | 'different_amount' | 'issued_twice' | 'cancelled_there';

export interface FindingsTable {
  id: string;
  statement_id: string;
  campaign_id: string;
  kind: FindingKind;
  reference: string;
  ours_yen: Nullable<bigint>;
  theirs_yen: Nullable<bigint>;
  issuance_id: Nullable<string>;
  grant_id: Nullable<string>;
  owner_id: Nullable<string>;
  taken_at: Nullable<Date>;
  closed_by: Nullable<string>;
  closed_at: Nullable<Date>;
  close_reason: Nullable<string>;
  close_note: Nullable<string>;
  at: Date;
}

/** Providers' funds and statements, marks, and what does not agree. */
export interface MoneyTables {
  provider_funds: ProviderFundsTable;
  stock_marks: StockMarksTable;
  statement_maps: StatementMapsTable;
  statements: StatementsTable;
  statement_lines: StatementLinesTable;
  findings: FindingsTable;
}

export type Finding = Selectable<FindingsTable>;
