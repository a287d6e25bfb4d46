import type { SettingsSpec } from '../providers/port';

/**
 * The channel port: what the portal asks of whatever carries messages to people, and the only answers it accepts.
 *
 * An adapter never tries twice by itself, never logs and never stores an address or a text. Whether and when a
 * message is tried again is decided by the caller (`app/services/send-message.ts`).
 */

/** What an address can be. A channel says which of them it carries. */
export type AddressKind = 'mail' | 'sms';

/**
 * Every reason for which a message surely did not reach anybody, and whether trying again later can help. A reason
 * is given only for an answer that the channel lists; anything else is `unknown`.
 */
export const FAILURES = {
  /** Nobody has this address. */
  unknown_address: { retryable: false },
  /** It cannot be an address of this channel: a fixed line, a malformed mailbox. */
  bad_address: { retryable: false },
  /** The receiver's side refuses what we send: a filter, a block. */
  blocked: { retryable: false },
  mailbox_full: { retryable: true },
  /** Not now: greylisting, too many at once, a server that is overloaded. */
  busy: { retryable: true },
  /** A phone that is off or out of range for longer than the gateway waits. */
  unreachable: { retryable: true },
  /** Our own gateway will not take messages from us: a wrong password, an account that is closed. Nothing about the receiver. */
  sender_refused: { retryable: true },
  rejected: { retryable: false },
} as const satisfies Readonly<Record<string, { readonly retryable: boolean }>>;
export type FailureReason = keyof typeof FAILURES;

/**
 * Why we do not know. `never_sent` means that the message surely did not leave and may be tried again; all others
 * that somebody may have received it.
 */
export const UNKNOWN_CAUSES = ['never_sent', 'timeout', 'connection_lost', 'unlisted', 'aborted'] as const;
export type UnknownCause = (typeof UNKNOWN_CAUSES)[number];

export type SendOutcome =
  /** `sent`: our gateway took it over. `accepted`: the receiver's side took it. `delivered`: it is there. */
  | { readonly kind: 'sent' | 'accepted' | 'delivered'; readonly reference?: string }
  | {
      readonly kind: 'failed';
      readonly reason: FailureReason;
      readonly retryable: boolean;
      /** The channel's own code ("550 5.1.1"), for operators. Never an address or a text. */
      readonly detail?: string;
      /** How long the other side asks to be left alone. */
      readonly retryAfterMs?: number;
    }
  | { readonly kind: 'unknown'; readonly cause: UnknownCause; readonly detail?: string };

/** A sure failure, with what the list says of its reason. */
export function failed(reason: FailureReason, detail?: string, retryAfterMs?: number): SendOutcome {
  return { kind: 'failed', reason, retryable: FAILURES[reason].retryable, detail, retryAfterMs };
}

/** One message to one person. */
export interface OutgoingMessage {
  /** Our own id: it travels with the message, and it is looked up by it. */
  readonly id: string;
  /** Which sending of it this is, from 1: what a gateway says of an earlier one is nothing about this. */
  readonly attempt: number;
  readonly kind: AddressKind;
  /** A mail address, or a phone number in E.164. */
  readonly to: string;
  /** Who it comes from, as it is published: a mail address with a name, a phone number or short code. */
  readonly from: { readonly name: string; readonly address: string };
  readonly language: 'ja' | 'en';
  /** What it is for, for statistics at the gateway and for the demo. */
  readonly purpose: string;
  /** Mail only. */
  readonly subject: string | null;
  readonly text: string;
  /** Mail only. */
  readonly html: string | null;
  /** After this instant it must not go out any more (a deadline, quiet hours); null: any time. */
  readonly notAfter: Date | null;
  /** Mail only: where a mail program may ask, by one POST, that no more of these come (RFC 8058); null: nothing to stop. */
  readonly unsubscribe: { readonly url: string } | null;
}

/** A message that is asked about. */
export interface AskedMessage extends Pick<OutgoingMessage, 'id' | 'attempt' | 'kind' | 'to'> {
  /** The gateway's own id for it; null when its answer never came. */
  readonly reference: string | null;
}

/** What somebody who says to be the gateway posted to us. */
export interface Callback {
  readonly query: URLSearchParams;
  /** A header by its lower-case name. */
  header(name: string): string | null;
  readonly body: string;
}

/** Which message of ours a callback is about. */
export interface CallbackNote {
  readonly messageId: string;
  /**
   * The gateway's own name for one sending of it, where their signature proves it: the look-up of a message whose
   * answer never came.
   */
  readonly proven?: { readonly attempt: number; readonly reference: string };
}

export interface CallOptions {
  /** Ends the call early (shutdown). */
  readonly signal?: AbortSignal;
  readonly now: Date;
}

/** What a channel can do, as data. */
export interface ChannelCapabilities {
  readonly carries: readonly AddressKind[];
  /** A repeat with the same id sends nothing a second time. */
  readonly repeatable: boolean;
  /** What became of an id can be asked. */
  readonly lookup: boolean;
  /** How long after an unanswered call the look-up can be believed to have seen it. */
  readonly settleAfterMs: number;
  /** Messages a second for all workers together. */
  readonly ratePerSecond: number;
  /** How many are under way at once in one worker. */
  readonly concurrency: number;
  /** Time limit for one call. */
  readonly timeLimitMs: number;
}

/** A live connection to one channel: its credentials are inside, nothing else. */
export interface ChannelConnection {
  /** Sends one message. Never throws for anything the other side or the network can do. */
  send(message: OutgoingMessage, options: CallOptions): Promise<SendOutcome>;
  /**
   * What became of a message of ours. `unknown/never_sent` when the channel surely never saw it. Only where
   * `capabilities.lookup` says so.
   */
  lookup?(message: AskedMessage, options: CallOptions): Promise<SendOutcome>;
  /**
   * Takes back what its gateway has not sent on yet, and says what has become of it; null: nothing was found out.
   * Left out: it cannot be taken back.
   */
  cancel?(message: AskedMessage, options: CallOptions): Promise<SendOutcome | null>;
  /** Gives back what it holds open. */
  close(): Promise<void>;
}

/** What the registry holds, one line per channel: a folder's default export. */
export interface ChannelDefinition<Settings = unknown> {
  /** Lower-case id: `mail`. */
  readonly id: string;
  readonly capabilities: ChannelCapabilities;
  /** Its environment variables. A channel none of whose variables is set is not there; one with some of them is incomplete. */
  readonly settings: SettingsSpec<Settings>;
  /** Only for rehearsals: it shows messages instead of sending them, and then no other channel is used. */
  readonly rehearsalOnly: boolean;
  connect(settings: Settings, options: ConnectOptions): ChannelConnection;
  /**
   * The message that a callback is about; null: it names none, or its signature is wrong. Nothing else of a callback is
   * believed: the message is asked for. Left out: the channel has no callbacks.
   */
  callback?(settings: Settings, callback: Callback): CallbackNote | null;
}

export interface ConnectOptions {
  /** Takes the place of `capabilities.timeLimitMs`, for tests. Milliseconds. */
  readonly timeLimitMs?: number;
  /** Certificates (PEM) to trust instead of the system's, for tests. */
  readonly ca?: string;
  /** Where a channel that only shows messages keeps them. Keeping the same id twice keeps it once. */
  readonly keep?: (message: OutgoingMessage, now: Date, fate?: { readonly returned: boolean }) => Promise<void>;
}
