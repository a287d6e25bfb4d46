import type { ColumnType } from 'kysely';
import type { RehearsalState, RehearsalStep } from '../../app/domain/rehearsal';
import type { Json, Nullable } from './column-types';

export interface RehearsalsTable {
  id: string;
  campaign_id: string;
  content: Json<unknown>;
  state: RehearsalState;
  steps: ColumnType<RehearsalStep[], string | undefined, string>;
  asked_by: string;
  asked_at: Date;
  ended_at: Nullable<Date>;
}
