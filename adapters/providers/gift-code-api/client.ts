import { type HttpAnswer, type OutgoingCall, send } from '../../http';
import { parseJson } from '../parse-json';
import type {
  CallOptions,
  CancelOutcome,
  ConnectOptions,
  DeclineReason,
  IssueOutcome,
  IssueRequest,
  ProviderConnection,
  UnknownOutcome,
} from '../port';
import { under } from '../settings';
import { unanswered } from '../unanswered';
import type { GiftCodeSettings } from './settings';
import { signedHeaders } from './signing';
import * as wire from './wire';

export interface GiftProduct {
  /** What a code of this product looks like, from beginning to end. */
  readonly codePattern: RegExp;
  /** The link that registers a code, for products whose answers bring none. */
  readonly linkFor?: (code: string) => string;
}

export type CatalogueOutcome = { readonly kind: 'catalogue'; readonly products: wire.Catalogue['products'] } | UnknownOutcome;

export interface GiftCodeConnection extends Required<Omit<ProviderConnection, 'reveal'>> {
  /** What this account may order, to compare with a campaign's face values. */
  catalogue(options: CallOptions): Promise<CatalogueOutcome>;
}

type Reply =
  | { readonly kind: 'success'; readonly status: number; readonly body: unknown }
  | { readonly kind: 'problem'; readonly type: wire.ProblemType; readonly retryAfterMs?: number }
  | UnknownOutcome;

/** A client of the gift-code API (`openapi.yaml`) for one product of one account. */
export function connectGiftCodes(
  settings: GiftCodeSettings,
  product: GiftProduct,
  { timeLimitMs }: Required<ConnectOptions>,
): GiftCodeConnection {
  async function call(
    method: OutgoingCall['method'],
    path: string,
    payload: object | undefined,
    { now, signal }: CallOptions,
  ): Promise<Reply> {
    const url = under(settings.baseUrl, path);
    const body = payload ? JSON.stringify(payload) : undefined;
    const headers: Record<string, string> = {
      accept: 'application/json, application/problem+json',
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...signedHeaders(settings, { method, url, body: body ?? '', now }),
    };
    const answer = await send({ method, url, headers, body, timeLimitMs, signal });
    return answer.kind === 'answer' ? readReply(answer) : unanswered(answer);
  }

  /** The gift of a key, if it is the one that was asked for; anything else is not a yes. */
  function readGift(body: unknown, asked: IssueRequest): IssueOutcome {
    const read = wire.gift.safeParse(body);
    if (!read.success) return { kind: 'unknown', cause: 'unreadable', detail: pathsOf(read.error.issues) };
    const gift = read.data;
    if (gift.key !== asked.key || gift.product !== settings.productId) return { kind: 'unknown', cause: 'unlisted', detail: 'other gift' };
    if (gift.yen !== asked.yen) return { kind: 'unknown', cause: 'wrong_amount' };
    if (gift.status === 'pending') return { kind: 'unknown', cause: 'pending' };
    if (gift.status === 'cancelled') return { kind: 'unknown', cause: 'voided', detail: 'cancelled' };
    if (!product.codePattern.test(gift.code)) return { kind: 'unknown', cause: 'unreadable', detail: 'code' };
    const { code, pin, expiresOn, managementNo } = gift;
    return {
      kind: 'issued',
      yen: asked.yen,
      issued: { code, pin, url: gift.url ?? product.linkFor?.(code), expiresOn, reference: gift.id, managementNo },
    };
  }

  function settle(reply: Reply, asked: IssueRequest, declines: Readonly<Partial<Record<wire.ProblemType, DeclineReason>>>): IssueOutcome {
    if (reply.kind === 'unknown') return reply;
    if (reply.kind === 'success') return readGift(reply.body, asked);
    const reason = declines[reply.type];
    return reason ? { kind: 'declined', reason, detail: reply.type, retryAfterMs: reply.retryAfterMs } : undecided(reply.type);
  }

  return {
    async issue({ key, yen }, options) {
      const reply = await call('PUT', wire.PATHS.gift(key), { product: settings.productId, yen }, options);
      return settle(reply, { key, yen }, wire.ISSUE_DECLINES);
    },

    async lookup({ key, yen }, options) {
      const reply = await call('GET', wire.PATHS.gift(key), undefined, options);
      return settle(reply, { key, yen }, wire.LOOKUP_DECLINES);
    },

    async cancel({ key, reference }, options): Promise<CancelOutcome> {
      const reply = await call('PUT', wire.PATHS.cancellation(key), { id: reference }, options);
      if (reply.kind === 'unknown') return reply;
      if (reply.kind === 'problem') {
        const reason = wire.CANCEL_DECLINES[reply.type];
        return reason ? { kind: 'declined', reason, detail: reply.type } : undecided(reply.type);
      }
      const read = wire.gift.safeParse(reply.body);
      if (!read.success) return { kind: 'unknown', cause: 'unreadable', detail: pathsOf(read.error.issues) };
      const sure = read.data.status === 'cancelled' && read.data.key === key && read.data.id === reference;
      return sure ? { kind: 'cancelled' } : { kind: 'unknown', cause: 'unlisted', detail: read.data.status };
    },

    async funds(options) {
      const reply = await call('GET', wire.PATHS.funds(), undefined, options);
      if (reply.kind === 'unknown') return reply;
      if (reply.kind === 'problem') return undecided(reply.type);
      const read = wire.funds.safeParse(reply.body);
      if (!read.success) return { kind: 'unknown', cause: 'unreadable', detail: pathsOf(read.error.issues) };
      return { kind: 'funds', yen: read.data.yen, at: new Date(read.data.at) };
    },

    async catalogue(options) {
      const reply = await call('GET', wire.PATHS.products(), undefined, options);
      if (reply.kind === 'unknown') return reply;
      if (reply.kind === 'problem') return undecided(reply.type);
      const read = wire.catalogue.safeParse(reply.body);
      if (!read.success) return { kind: 'unknown', cause: 'unreadable', detail: pathsOf(read.error.issues) };
      return { kind: 'catalogue', products: read.data.products };
    },
  };
}

/** Sorts an answer by status and body: a listed problem under its own status, a success, or nothing we know. */
function readReply({ status, headers, body: text }: HttpAnswer & { kind: 'answer' }): Reply {
  if (status >= 500) return { kind: 'unknown', cause: 'server_error', detail: String(status) };
  const body = parseJson(text);
  if (body === undefined) return { kind: 'unknown', cause: 'unreadable', detail: String(status) };
  if (status === 200 || status === 201 || status === 202) return { kind: 'success', status, body };
  const read = wire.problem.safeParse(body);
  const type = read.success ? read.data.type.slice(wire.PROBLEM_PREFIX.length) : '';
  if (!isProblemType(type) || wire.PROBLEMS[type] !== status || read.data?.status !== status)
    return { kind: 'unknown', cause: 'unlisted', detail: String(status) };
  return { kind: 'problem', type, retryAfterMs: retryAfterMs(headers) };
}

function isProblemType(type: string): type is wire.ProblemType {
  return Object.hasOwn(wire.PROBLEMS, type);
}

function retryAfterMs(headers: Headers): number | undefined {
  const seconds = /^[1-9]\d{0,3}$/.exec(headers.get('retry-after') ?? '')?.[0];
  return seconds ? Math.min(Number(seconds), 3600) * 1000 : undefined;
}

/** A listed problem that is no sure no of this operation. */
function undecided(type: wire.ProblemType): UnknownOutcome {
  if (type === 'key-conflict') return { kind: 'unknown', cause: 'wrong_amount', detail: type };
  if (type === 'replayed-request' || type === 'throttled') return { kind: 'unknown', cause: 'resend', detail: type };
  return { kind: 'unknown', cause: 'unlisted', detail: type };
}

/** Which members were wrong, by name only: their values may be a code. */
function pathsOf(issues: readonly { readonly path: readonly PropertyKey[] }[]): string {
  return [...new Set(issues.map((issue) => issue.path.map(String).join('.')))].join(' ').slice(0, 120);
}
