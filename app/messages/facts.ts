import type { Bilingual } from '../domain/campaign';
import type { MessageLanguage, MessagePurpose } from '../domain/message';

/** All that a message says, as data. */
export interface MessageFacts {
  readonly purpose: MessagePurpose;
  readonly language: MessageLanguage;
  readonly programme: Bilingual;
  readonly office: Bilingual;
  readonly callCentre: { readonly name: Bilingual; readonly tel: string; readonly hours: Bilingual };
  /** From where genuine messages come, as published. */
  readonly senders: { readonly mail: string; readonly sms: string };
  /** As written in our records; null: not known. */
  readonly name: string | null;
  /** What the message is about: the residual, or a code's yen. */
  readonly yen: bigint;
  /** Exclusive instant. */
  readonly deadlineAt: Date;
  /** Whether something may still be chosen. */
  readonly open: boolean;
  /** The personal link; null where none may stand in the message. */
  readonly link: string | null;
  /** The phrase of the link, as its language writes it; null where no link stands. */
  readonly phrase: string | null;
  /** Where it can be checked whether a message is real. */
  readonly checkUrl: string;
  /** Where reminders are stopped; reminders only. */
  readonly stopLink?: string | null;
}
