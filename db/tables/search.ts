import type { Generated } from 'kysely';
import type { Nullable } from './column-types';

export interface SearchEntriesTable {
  recipient_id: string;
  campaign_id: string;
  index_key_id: string;
  tokens: bigint[];
}

export interface SearchBatchesTable {
  id: Generated<string>;
  position: Generated<bigint>;
  recipient_ids: string[];
  people: number;
  queued_at: Nullable<Date>;
}

/** What people are found by. */
export interface SearchTables {
  search_entries: SearchEntriesTable;
  search_batches: SearchBatchesTable;
}
