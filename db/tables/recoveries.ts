import type { Generated } from 'kysely';
import type { Nullable } from './column-types';

export interface RecoveriesTable {
  id: string;
  asked: string | null;
  language: 'ja' | 'en';
  asked_at: Date;
  settled_at: Nullable<Date>;
  sent: Generated<number>;
}

/** Links that were asked for again. */
export interface RecoveryTables {
  recoveries: RecoveriesTable;
}
