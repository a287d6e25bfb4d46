/**
 * The provider port: what the portal asks of whoever issues codes, and the only answers it accepts.
 *
 * An adapter holds no state, never retries, never logs and never stores anything. Whether to ask again,
 * when, and with which key is decided by the caller (`app/services/issue-code.ts`).
 */

/**
 * Every reason for which a provider may surely refuse. A reason is given only for an answer that the
 * provider's `wire.ts` lists; anything unlisted is `unknown`.
 */
export const DECLINE_REASONS = [
  'out_of_stock',
  'insufficient_funds',
  'invalid_amount',
  'throttled',
  'account_suspended',
  'never_seen',
  'rejected',
] as const;
export type DeclineReason = (typeof DECLINE_REASONS)[number];

/**
 * Why we do not know. `never_sent` means that the request surely did not leave (no connection could be
 * made), all others that the provider may have acted.
 */
export const UNKNOWN_CAUSES = [
  'never_sent',
  'timeout',
  'connection_lost',
  'server_error',
  'unreadable',
  'unlisted',
  'redirected',
  'resend',
  'pending',
  'wrong_amount',
  'voided',
  'aborted',
] as const;
export type UnknownCause = (typeof UNKNOWN_CAUSES)[number];

/** What the recipient receives. Bearer money: never log it, never put it in an error. */
export interface IssuedCode {
  /** The code as the provider writes it, hyphens included. */
  readonly code: string;
  readonly pin?: string;
  /** A link that carries or registers the code. https only. */
  readonly url?: string;
  /** Last day on which the code can be used, in Japan (YYYY-MM-DD). */
  readonly expiresOn?: string;
  /** The provider's own id of this issue (Amazon: gcId). Unique per provider. */
  readonly reference: string;
  /** 管理番号: the number a recipient quotes to the issuer's help desk. */
  readonly managementNo?: string;
}

export type IssueOutcome =
  | { readonly kind: 'issued'; readonly yen: number; readonly issued: IssuedCode }
  | {
      readonly kind: 'declined';
      readonly reason: DeclineReason;
      /** The provider's own code, for operators. */
      readonly detail?: string;
      /** How long the provider asks to be left alone (`Retry-After`); takes the place of `throttlePauseMs` when given. */
      readonly retryAfterMs?: number;
    }
  | UnknownOutcome;

/** We do not know what happened. `detail` is for operators and never holds a code, a secret or an address. */
export interface UnknownOutcome {
  readonly kind: 'unknown';
  readonly cause: UnknownCause;
  readonly detail?: string;
}

export type CancelOutcome =
  | { readonly kind: 'cancelled' }
  | { readonly kind: 'declined'; readonly reason: 'too_late' | 'used' | 'never_seen' | 'rejected'; readonly detail?: string }
  | UnknownOutcome;

export type FundsOutcome = { readonly kind: 'funds'; readonly yen: number; readonly at: Date } | UnknownOutcome;

export interface IssueRequest {
  /** Idempotency key, made by `providerKey`. The same key must always go with the same amount. */
  readonly key: string;
  /** Whole yen, at least 1. */
  readonly yen: number;
}

export interface CallOptions {
  /** Ends the call early (shutdown). The outcome is then `unknown/aborted`. */
  readonly signal?: AbortSignal;
  /** The one clock's "now", for signatures. */
  readonly now: Date;
}

/** What a provider can do, as data. Nothing else in the portal names a provider. */
export interface Capabilities {
  /** `stored`: the code is sealed and kept. `refetch`: it must not be kept and is asked again by key. */
  readonly codes: 'stored' | 'refetch';
  /** A repeat of the same key and amount answers with the first issue. */
  readonly repeatable: boolean;
  /**
   * The declines that, as the answer to a repeat or a look-up made `settleAfterMs` or more after an unanswered
   * call, also prove that no earlier call with that key issued anything. Every other decline of a repeat
   * speaks only of the repeat itself ("throttled" says nothing about yesterday), so the key stays unknown.
   * A decline of a first call needs no such proof.
   */
  readonly settlingDeclines: readonly DeclineReason[];
  readonly lookup: boolean;
  readonly cancel: boolean;
  readonly funds: boolean;
  /** How long a repeat of the same key is safe; past it only a look-up or a person may act. */
  readonly keyHorizonMs: number;
  /** How long after an unanswered call the provider's look-up and repeats can be believed to have seen it. */
  readonly settleAfterMs: number;
  /** Requests a second for all workers together, any operation. */
  readonly ratePerSecond: number;
  /** How long to leave the provider alone after it throttled us. */
  readonly throttlePauseMs: number;
  /** Time limit for one call. */
  readonly timeLimitMs: number;
}

/** A live connection to one provider: its credentials are inside, nothing else. */
export interface ProviderConnection {
  /** Asks for one code. Never throws for anything a provider or the network can do. */
  issue(request: IssueRequest, options: CallOptions): Promise<IssueOutcome>;
  /** What became of a key. `declined/never_seen` when the provider does not know it. */
  lookup?(request: IssueRequest, options: CallOptions): Promise<IssueOutcome>;
  /** Voids an unused code. */
  cancel?(request: { key: string; reference: string }, options: CallOptions): Promise<CancelOutcome>;
  funds?(options: CallOptions): Promise<FundsOutcome>;
  /** The code again, for providers whose codes are not kept (`refetch`). */
  reveal?(request: IssueRequest, options: CallOptions): Promise<IssueOutcome>;
}

/**
 * How a provider is shown to a recipient: what one needs, how the code is used, what its issuer obliges
 * us to say. This is the provider's own part of the catalogues; source and date stand in its README.
 */
export interface Brand {
  /** A neutral tile drawn by us: one or two letters, a ground colour with AA contrast to white. */
  readonly tile: { readonly letters: string; readonly colour: string };
  /** Where a code is registered when the code brings no link of its own. Absent: only inside the provider's app. */
  readonly registerUrl?: string;
  /** How the code is grouped for reading (e.g. 4); 0 keeps the provider's own hyphens. */
  readonly groupBy: number;
  readonly text: Readonly<Record<'ja' | 'en', BrandText>>;
}

export interface BrandText {
  /** "ギフトカード番号": what the code is called. */
  readonly codeName: string;
  /** "Amazon.co.jpのアカウント": what one must have, without a verb. */
  readonly needs: string;
  /** "すぐ使えます・有効期限10年": when it can be used and until when, one short line. */
  readonly usable: string;
  /** "Amazonを開いて登録する": the button that opens the tap link. */
  readonly open: string;
  /** How to use the code, in order, each one sentence. */
  readonly steps: readonly string[];
  /** What one should know (time until usable, limits, what cannot be undone), each one sentence. */
  readonly notes: readonly string[];
  /** "発行者" line. */
  readonly issuer: string;
  /** Trademark and licence lines. */
  readonly legal: readonly string[];
}

/** What the registry holds, one line per provider: a folder's default export. */
export interface ProviderDefinition<Settings = unknown> {
  /** Lower-case id used in the database and the configuration: `amazon`. */
  readonly id: string;
  readonly capabilities: Capabilities;
  readonly brand: Brand;
  /** Environment variables it needs (`AMAZON_BASE_URL`, …), with a schema that explains itself. */
  readonly settings: SettingsSpec<Settings>;
  /** The provider's key for an issuance: stable, unique, in the provider's format. */
  providerKey(issuanceId: string, settings: Settings): string;
  connect(settings: Settings, options?: ConnectOptions): ProviderConnection;
  /** How bought codes are delivered: what the stock importer expects in a file. */
  readonly stock: StockFileSpec;
}

export interface ConnectOptions {
  /** Takes the place of `capabilities.timeLimitMs`, for tests and rehearsals. Milliseconds. */
  readonly timeLimitMs?: number;
}

/**
 * The kinds of stock file. `charge_codes`: the columns in which PayPay delivers its point codes (no face
 * value in the file). `gift_ids`: ID, face value, management number, expiry, URL.
 */
export const STOCK_FORMATS = ['charge_codes', 'gift_ids'] as const;
export type StockFormat = (typeof STOCK_FORMATS)[number];

export interface StockFileSpec {
  readonly format: StockFormat;
  /** What a code of this provider looks like, from beginning to end. */
  readonly codePattern: RegExp;
}

/** Reads settings from named environment variables; returns the problems instead of throwing. */
export interface SettingsSpec<Settings> {
  /** Variable names and what each is, for `.env.example` and error lists. */
  readonly variables: readonly { readonly name: string; readonly about: string; readonly secret: boolean; readonly example: string }[];
  parse(env: Readonly<Record<string, string | undefined>>): { ok: true; settings: Settings } | { ok: false; problems: string[] };
}

/** Faults a stand-in can be told to show, for tests, rehearsals and the simulation. */
export const FAULTS = [
  'timeout_before', // hangs, and does nothing
  'timeout_after', // issues, then hangs
  'error_before', // 5xx without effect
  'error_after', // 5xx after issuing
  'torn', // issues, then half a body and a reset
  'garbage', // 200 with a body that is no answer
  'unlisted', // an answer that no document lists
  'redirect', // 302 to another host
  'throttle',
  'out_of_stock',
  'insufficient_funds',
  'account_suspended',
  'rejected',
  'wrong_amount', // issues another amount than asked
] as const;
export type Fault = (typeof FAULTS)[number];

/**
 * A small stateful fake of the provider that speaks its wire format. It is used behind msw in tests and
 * behind a real HTTP server in the demo, and keeps the truth to compare our ledger with.
 */
export interface StandIn {
  /** Answers one request. Rejects to stand for a connection that breaks. */
  handle(request: Request): Promise<Response>;
  /** The next `times` issuing calls (default 1) show this fault. */
  fault(fault: Fault, times?: number): void;
  /** Everything this provider has really issued. */
  issues(): readonly {
    readonly key: string;
    readonly yen: number;
    readonly code: string;
    readonly reference: string;
    readonly cancelled: boolean;
  }[];
  /** Funds left, in yen; settable. */
  setFunds(yen: number): void;
  /** The amounts this fake sells. They are test data: real limits are contract data and stand in the campaign's settings. */
  readonly amounts: StandInAmounts;
}

export type StandInAmounts =
  | { readonly kind: 'range'; readonly minYen: number; readonly maxYen: number; readonly stepYen: number }
  | { readonly kind: 'fixed'; readonly faceValuesYen: readonly number[] };

/** Default export of a provider's `stand-in.ts`. */
export type StandInFactory<Settings = unknown> = (options: {
  settings: Settings;
  now: () => Date;
  /** How long "hangs" lasts before the connection is broken; tests pass a small number or rely on the caller's time limit. */
  hangMs: number;
  /** Makes codes repeatable; the same seed gives the same codes. */
  seed?: number;
}) => StandIn;
