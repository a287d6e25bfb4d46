import type { Generated, Selectable } from 'kysely';
import type { Role } from '../../app/domain/access';
import type { Json, Nullable } from './column-types';

export interface StaffTable {
  id: string;
  login: string;
  name: string;
  role: Role;
  all_campaigns: boolean;
  password_hash: Nullable<string>;
  totp_sealed: Nullable<Buffer>;
  totp_key_id: Nullable<string>;
  totp_step: Generated<bigint>;
  disabled_at: Nullable<Date>;
  created_at: Date;
  created_by: Nullable<string>;
}

export interface StaffCampaignsTable {
  staff_id: string;
  campaign_id: string;
}

export interface StaffInvitationsTable {
  id: string;
  staff_id: string;
  digest: Buffer;
  created_at: Date;
  created_by: string;
  expires_at: Date;
  used_at: Nullable<Date>;
  password_hash: Nullable<string>;
}

export interface PasskeysTable {
  id: string;
  staff_id: string;
  slot: number;
  credential_id: Buffer;
  public_key: Buffer;
  counter: Generated<bigint>;
  transports: Generated<string[]>;
  label: string;
  created_at: Date;
  last_used_at: Nullable<Date>;
}

export type SessionEnd = 'signed_out' | 'ended_by_self' | 'ended_by_staff' | 'idle' | 'role_changed' | 'disabled';

export interface StaffSessionsTable {
  id: string;
  digest: Buffer;
  staff_id: string;
  created_at: Date;
  seen_at: Date;
  ends_at: Date;
  ended_at: Nullable<Date>;
  end_reason: Nullable<SessionEnd>;
  client: Generated<string>;
}

export interface UsedChallengesTable {
  digest: Buffer;
  at: Date;
}

export type ApprovalState = 'proposed' | 'approved' | 'refused' | 'withdrawn' | 'expired' | 'void' | 'done' | 'failed';

export interface ApprovalsTable {
  id: string;
  campaign_id: string;
  act: string;
  subject_kind: string;
  subject_id: string;
  grant_id: Nullable<string>;
  yen: bigint;
  plan: Json<unknown>;
  secret_sealed: Nullable<Buffer>;
  secret_key_id: Nullable<string>;
  reason: string;
  note: string;
  state: ApprovalState;
  proposed_by: string;
  proposed_at: Date;
  expires_at: Date;
  free_rule: Nullable<'within_policy'>;
  decided_by: Nullable<string>;
  decided_at: Nullable<Date>;
  decision_note: Nullable<string>;
  paused_at: Nullable<Date>;
  ended_at: Nullable<Date>;
  outcome: Nullable<string>;
}

export interface ApprovalItemsTable {
  approval_id: string;
  position: number;
  campaign_id: string;
  grant_id: string;
  redemption_id: string;
  yen: bigint;
  state: Generated<'waiting' | 'done' | 'skipped'>;
  outcome: Nullable<string>;
  at: Nullable<Date>;
}

/** Who works in the console, and what they propose and decide. */
export interface StaffTables {
  staff: StaffTable;
  staff_campaigns: StaffCampaignsTable;
  staff_invitations: StaffInvitationsTable;
  passkeys: PasskeysTable;
  staff_sessions: StaffSessionsTable;
  used_challenges: UsedChallengesTable;
  approvals: ApprovalsTable;
  approval_items: ApprovalItemsTable;
}

export type Staff = Selectable<StaffTable>;
export type Approval = Selectable<ApprovalsTable>;
