import type { AddressKind, Callback, CallbackNote, ChannelCapabilities, ChannelConnection } from '#adapters/channels/port';
import type { Brand, Capabilities, ProviderConnection } from '#adapters/providers/port';
import type { Bulk } from '#db/bulk';
import type { Db, Trx } from '#db/database';
import type { Clock } from './clock';
import type { Crypto, Signer } from './crypto.server';
import type { CampaignScope } from './domain/access';
import type { StockReader } from './domain/stock-reader';
import type { JobRequest } from './jobs';

/** One provider (交換先) as the portal uses it: its definition bound to this installation's credentials. */
export interface Provider {
  readonly id: string;
  readonly capabilities: Capabilities;
  readonly brand: Brand;
  /** The provider's idempotency key for an attempt. */
  keyFor(issuanceId: string): string;
  readonly connection: ProviderConnection;
}

/** One channel as the portal uses it: its definition bound to this installation's credentials. */
export interface Channel {
  readonly id: string;
  readonly capabilities: ChannelCapabilities;
  readonly connection: ChannelConnection;
}

/** What a process that sends messages is given. */
export interface Sending {
  /** Where links lead, without a slash at the end. */
  readonly publicUrl: string;
  /** The channel for each kind of address; a kind without one has to wait. */
  readonly channels: ReadonlyMap<AddressKind, Channel>;
}

/** What comes in about messages, from gateways and mail servers. */
export interface Inbound {
  /** What a callback is about; null: nothing, or it is forged. Undefined: there is no such channel here. */
  noteOf(channel: string, callback: Callback): CallbackNote | null | undefined;
  /** Whether one more callback about a message is looked at. Holds over all web processes. */
  allowCallback(messageId: string): Promise<boolean>;
  /** Whether what was posted as a bounce is signed with the mail server's secret, and lately. */
  isSigned(post: { readonly body: Uint8Array; readonly timestamp: string; readonly signature: string }): boolean;
}

/** Counts that links were opened, apart from the answer. Statistics: losing them loses nothing else. */
export interface LinkOpens {
  opened(open: { grantId: string; sid: string; userAgent: string | null; prefetch: boolean }): void;
  /** Somebody sent a form in this session: a person was there. */
  acted(sid: string): void;
}

/** Structured log lines; never a code, a token, a name or an address. */
export interface Log {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** What services and views are given; assembled once in `context.server.ts`, or by a test. */
export interface Portal {
  readonly db: Db;
  readonly clock: Clock;
  readonly crypto: Crypto;
  readonly log: Log;
  readonly providers: ReadonlyMap<string, Provider>;
  /** Signs chains and proofs; absent where this installation has no key for it. */
  readonly signer?: Signer;
  /** Adds a job in the transaction of the data it belongs to. */
  enqueue(trx: Trx, job: JobRequest): Promise<void>;
}

/** Whether one more guess is let through. A right one is taken off the count again: only failures count. */
export type GuessVerdict =
  | { readonly ok: true; forgive(): Promise<void> }
  | {
      readonly ok: false;
      readonly retryAfterSeconds: number;
      /** The first that was stopped in this wait. */
      readonly first: boolean;
    };

/** What the console's pages are given. */
export interface ConsoleContext {
  /** The portal over the console's own connections. */
  readonly portal: Portal;
  /** The same for whoever may see these campaigns only: the database itself keeps the others from them. */
  within(scope: CampaignScope): Portal;
  /**
   * Counts a try to sign in; holds over all processes, by what is tried and from where. A login of null is a try
   * that names nobody (a passkey): it counts for its address only.
   */
  allowSignIn(who: { login: string | null; ip: string; device: string | null }): Promise<GuessVerdict>;
  /** Counts a number given as proof within a session, by person. */
  allowProof(staffId: string): Promise<GuessVerdict>;
  /** How a provider's delivered files are read; null for a provider that is not installed. */
  stockReader(provider: string): StockReader | null;
  /** What the slowest real channel takes in an hour, for estimates; null: not known. */
  readonly channelPerHour: number | null;
  /** Bulk work (imports) over connections without the time limits of pages. */
  readonly bulk: Bulk;
}

/** A provider by id. @throws when the campaign names one that this installation does not know: a bug in its set-up */
export function getProvider(portal: Pick<Portal, 'providers'>, id: string): Provider {
  const provider = portal.providers.get(id);
  if (!provider) throw new Error(`provider ${id} is not configured`);
  return provider;
}
