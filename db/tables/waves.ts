import type { Generated, Selectable } from 'kysely';
import type { WavePurpose, WaveState, WaveWait } from '../../app/domain/wave';
import type { Json, Nullable } from './column-types';

export interface WavesTable {
  id: string;
  campaign_id: string;
  number: number;
  sending_group: 'app' | 'claim';
  purpose: WavePurpose;
  state: WaveState;
  /** YYYY-MM-DD. */
  from_on: string;
  until_on: string;
  first_hour: number;
  end_hour: number;
  per_hour: Nullable<number>;
  domain_per_hour: Json<Readonly<Record<string, number>>>;
  warm_up: Generated<number[]>;
  made_by: string;
  made_at: Date;
  started_at: Nullable<Date>;
  state_at: Date;
  fed_after: Nullable<string>;
  turn_at: Nullable<Date>;
  turn_left: Generated<boolean>;
  queued: Generated<number>;
  waits_for: Nullable<WaveWait>;
}

export interface WavePacesTable {
  wave_id: string;
  domain: string;
  next_at: Date;
}

export interface WaveMissesTable {
  wave_id: string;
  grant_id: string;
  link_generation: number;
  reason: 'no_address' | 'unreadable';
  at: Date;
}

export interface FalloversTable {
  message_id: string;
  next_message_id: Nullable<string>;
  at: Date;
}

export interface ReminderOptOutsTable {
  grant_id: string;
  way: 'page' | 'one_click';
  at: Date;
}

/** Waves of invitations and reminders. */
export interface WaveTables {
  waves: WavesTable;
  wave_paces: WavePacesTable;
  wave_misses: WaveMissesTable;
  fallovers: FalloversTable;
  reminder_opt_outs: ReminderOptOutsTable;
}

export type Wave = Selectable<WavesTable>;
