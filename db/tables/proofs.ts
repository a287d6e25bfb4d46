import type { Nullable } from './column-types';

export interface DayProofsTable {
  campaign_id: string;
  day: string;
  record: string;
  previous: Nullable<Buffer>;
  hash: Buffer;
  key_id: Nullable<string>;
  signature: Nullable<Buffer>;
  made_at: Date;
}

/** The proofs of the days. */
export interface ProofTables {
  day_proofs: DayProofsTable;
}
