import type { Generated, Insertable, Selectable, Updateable } from 'kysely';
import type { MessageChannel, MessagePurpose, MessageReason, MessageState } from '../../app/domain/message';
import type { ReminderStep } from '../../app/domain/wave';
import type { Nullable } from './column-types';

export interface MessagesTable {
  id: string;
  campaign_id: string;
  grant_id: string;
  purpose: MessagePurpose;
  channel: MessageChannel;
  address_sealed: Buffer;
  address_key_id: string;
  address_digest: Buffer;
  index_key_id: string;
  address_mask: string;
  language: 'ja' | 'en';
  template: string;
  link_generation: Nullable<number>;
  yen: Nullable<bigint>;
  actor: string;
  state: MessageState;
  reason: Nullable<MessageReason>;
  detail: Nullable<string>;
  attempts: Generated<number>;
  leased_until: Nullable<Date>;
  via: Nullable<string>;
  reference: Nullable<string>;
  queued_at: Date;
  called_at: Nullable<Date>;
  due_at: Nullable<Date>;
  state_at: Date;
  /** Invitations and reminders only. */
  wave_id: Nullable<string>;
  reminder_step: Nullable<ReminderStep>;
  /** YYYY-MM-DD. */
  reminder_for: Nullable<string>;
}

/** What came of each sending of a message; kept by the database. */
export interface MessageAttemptsTable {
  message_id: string;
  attempt: number;
  via: string | null;
  called_at: Date;
  state: Exclude<MessageState, 'queued'>;
  reason: MessageReason | null;
  detail: string | null;
  reference: string | null;
  state_at: Date;
}

export interface OutboxTable {
  message_id: string;
  content_sealed: Buffer;
  content_key_id: string;
  at: Date;
}

export interface LinkOpensTable {
  id: string;
  grant_id: string;
  session_tag: string;
  client: 'bot' | 'phone' | 'computer' | 'other';
  opened_at: Date;
  acted_at: Nullable<Date>;
}

export interface ReissueNoticesTable {
  approval_id: string;
  grant_id: string;
  message_id: Nullable<string>;
  at: Date;
}

/** A bounce or a complaint, kept once. */
export interface MessageReportsTable {
  id: string;
  message_id: string;
  digest: Buffer;
  kind: 'failed' | 'delivered' | 'complained';
  reason: Nullable<MessageReason>;
  detail: Nullable<string>;
  actor: string;
  at: Date;
  /** Which sending of the message it is about, where the mail bore that. */
  attempt: Nullable<number>;
}

export interface ChannelPacesTable {
  channel: string;
  next_at: Date;
}

/** Messages to recipients, and that their links were opened. */
export interface MessageTables {
  message_reports: MessageReportsTable;
  channel_paces: ChannelPacesTable;
  messages: MessagesTable;
  message_attempts: MessageAttemptsTable;
  outbox: OutboxTable;
  link_opens: LinkOpensTable;
  reissue_notices: ReissueNoticesTable;
}

export type Message = Selectable<MessagesTable>;
export type MessageReport = Selectable<MessageReportsTable>;
export type NewMessage = Insertable<MessagesTable>;
export type MessageUpdate = Updateable<MessagesTable>;
