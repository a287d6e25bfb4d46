import type { Nullable } from './column-types';

export interface LetterBatchesTable {
  id: string;
  campaign_id: string;
  number: number;
  letters: number;
  opened_by: string;
  opened_at: Date;
  printed_at: Nullable<Date>;
}

export interface LettersTable {
  batch_id: string;
  campaign_id: string;
  position: number;
  grant_id: string;
  link_generation: number;
}

/** Letters to people whom no message reached. */
export interface LetterTables {
  letter_batches: LetterBatchesTable;
  letters: LettersTable;
}
