import type { Generated } from 'kysely';
import type { ExportKind, ExportState } from '../../app/domain/exports';
import type { Nullable } from './column-types';

export interface ExportsTable {
  id: string;
  campaign_id: string;
  kind: ExportKind;
  rows_counted: bigint;
  requested_by: string;
  requested_at: Date;
  approval_id: Nullable<string>;
  state: ExportState;
  rows_done: Generated<bigint>;
  ready_at: Nullable<Date>;
  expires_at: Nullable<Date>;
  taken_at: Nullable<Date>;
  cleared_at: Nullable<Date>;
}

export interface ExportChunksTable {
  export_id: string;
  position: number;
  body: Buffer;
}

/** Files made for staff. */
export interface ExportTables {
  exports: ExportsTable;
  export_chunks: ExportChunksTable;
}
