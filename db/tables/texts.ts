import type { MessageChannel, MessageLanguage, MessagePurpose } from '../../app/domain/message';
import type { Nullable } from './column-types';

/** A version of an office's own text; without a body the portal's own text holds again. */
export interface MessageTextsTable {
  campaign_id: string;
  purpose: MessagePurpose;
  channel: MessageChannel;
  language: MessageLanguage;
  version: number;
  subject: Nullable<string>;
  body: Nullable<string>;
  made_by: string;
  made_at: Date;
}

export interface TextTestsTable {
  id: string;
  campaign_id: string;
  staff_id: string;
  purpose: MessagePurpose;
  channel: MessageChannel;
  language: MessageLanguage;
  subject: Nullable<string>;
  body: Nullable<string>;
  address_sealed: Buffer;
  address_key_id: string;
  address_mask: string;
  state: 'queued' | 'sending' | 'sent' | 'failed' | 'unknown';
  reason: Nullable<string>;
  queued_at: Date;
  state_at: Date;
}

export interface FailureNoticesTable {
  redemption_id: string;
  message_id: Nullable<string>;
  at: Date;
}

/** What offices write themselves, and the notices of codes that failed. */
export interface TextTables {
  message_texts: MessageTextsTable;
  text_tests: TextTestsTable;
  failure_notices: FailureNoticesTable;
}
