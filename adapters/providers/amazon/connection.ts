import type { z } from 'zod';
import { send } from '../../http';
import { parseJson } from '../parse-json';
import type {
  CallOptions,
  CancelOutcome,
  ConnectOptions,
  DeclineReason,
  FundsOutcome,
  IssueOutcome,
  IssueRequest,
  ProviderConnection,
  UnknownOutcome,
} from '../port';
import { under } from '../settings';
import { unanswered } from '../unanswered';
import { lastDayInJapan } from './expiry';
import type { AmazonSettings } from './settings';
import { sign } from './signing';
import * as wire from './wire';

type Operation = 'CreateGiftCard' | 'CancelGiftCard' | 'GetAvailableFunds';

/** What a call came to, before it is known which operation it was: a success still to be read, or a trouble. */
type Reply =
  | { readonly kind: 'success'; readonly body: unknown }
  | { readonly kind: 'failed'; readonly failure: wire.Failure }
  | { readonly kind: 'throttled' }
  | UnknownOutcome;

/**
 * A client of the Amazon Incentives API for one partner account.
 *
 * CreateGiftCard is repeatable: the same id and amount answer with the first card. That is also how a code is
 * shown again (`reveal`), because Amazon forbids keeping claim codes. Amazon Incentives API, FAQ.
 */
export function connectAmazon(settings: AmazonSettings, { timeLimitMs }: Required<ConnectOptions>): ProviderConnection {
  async function call(operation: Operation, payload: object, { now, signal }: CallOptions): Promise<Reply> {
    const url = under(settings.baseUrl, `/${operation}`);
    const body = JSON.stringify(payload);
    const { host: _setByFetch, ...headers } = await sign(
      {
        url,
        headers: {
          accept: 'application/json',
          'content-type': 'application/json',
          'x-amz-target': `com.amazonaws.agcod.AGCODService.${operation}`,
        },
        body,
        now,
      },
      settings,
    );
    const answer = await send({ method: 'POST', url, headers, body, timeLimitMs, signal });
    return answer.kind === 'answer' ? readReply(answer.status, answer.body) : unanswered(answer);
  }

  async function create({ key, yen }: IssueRequest, options: CallOptions): Promise<IssueOutcome> {
    const reply = await call(
      'CreateGiftCard',
      { creationRequestId: key, partnerId: settings.partnerId, value: { currencyCode: 'JPY', amount: yen } },
      options,
    );
    if (reply.kind === 'unknown') return reply;
    if (reply.kind === 'throttled') return { kind: 'declined', reason: 'throttled', detail: 'Rate exceeded' };
    if (reply.kind === 'failed') {
      const reason = declineOf(reply.failure);
      return reason ? { kind: 'declined', reason, detail: detailOf(reply.failure) } : undecided(reply.failure);
    }
    return readCard(reply.body, { key, yen });
  }

  return {
    issue: create,
    reveal: create,

    async cancel({ key, reference }, options): Promise<CancelOutcome> {
      const reply = await call('CancelGiftCard', { creationRequestId: key, partnerId: settings.partnerId, gcId: reference }, options);
      if (reply.kind === 'unknown') return reply;
      if (reply.kind === 'throttled') return { kind: 'unknown', cause: 'resend', detail: 'Rate exceeded' };
      if (reply.kind === 'failed') {
        const listed = isNo(reply.failure) ? own(wire.CANCEL_DECLINES, reply.failure.errorType) : undefined;
        const reason = listed ?? (declineOf(reply.failure) ? 'rejected' : undefined);
        return reason ? { kind: 'declined', reason, detail: detailOf(reply.failure) } : undecided(reply.failure);
      }
      const done = wire.cancelled.safeParse(reply.body);
      if (!done.success || done.data.creationRequestId !== key || (done.data.gcId ?? reference) !== reference) return unreadable();
      return { kind: 'cancelled' };
    },

    async funds(options): Promise<FundsOutcome> {
      const reply = await call('GetAvailableFunds', { partnerId: settings.partnerId }, options);
      if (reply.kind === 'unknown') return reply;
      if (reply.kind === 'throttled') return { kind: 'unknown', cause: 'resend', detail: 'Rate exceeded' };
      if (reply.kind === 'failed') return { kind: 'unknown', cause: 'unlisted', detail: detailOf(reply.failure) };
      const read = wire.availableFunds.safeParse(reply.body);
      if (!read.success) return unreadable();
      const at = new Date(read.data.timestamp.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));
      return Number.isNaN(at.getTime()) ? unreadable() : { kind: 'funds', yen: read.data.availableFunds.amount, at };
    },
  };
}

/** Sorts an answer by HTTP status and body. A 5xx is never believed, whatever its body says, except a plea to repeat. */
function readReply(status: number, text: string): Reply {
  const body = parseJson(text);
  if (body === undefined) return status >= 500 ? serverError(status) : unreadable();
  const failed = wire.failure.safeParse(body);
  if (wire.resend.safeParse(body).success || (failed.success && isPlea(failed.data))) {
    return { kind: 'unknown', cause: 'resend', detail: failed.success ? detailOf(failed.data) : 'RESEND' };
  }
  if (status >= 500) return serverError(status);
  if (status === 200) return { kind: 'success', body };
  if (status >= 400 && failed.success) return { kind: 'failed', failure: failed.data };
  if (status >= 400 && wire.throttled.safeParse(body).success) return { kind: 'throttled' };
  return { kind: 'unknown', cause: 'unlisted', detail: String(status) };
}

/** The card, if it is good for exactly what was asked; anything else is not a yes. */
function readCard(body: unknown, asked: IssueRequest): IssueOutcome {
  if (!hasStatusSuccess(body)) return { kind: 'unknown', cause: 'unlisted', detail: 'status' };
  const read = wire.created.safeParse(body);
  if (!read.success) return unreadable(problemPaths(read.error));
  const { cardInfo, creationRequestId, gcClaimCode, gcExpirationDate, gcId } = read.data;
  if (creationRequestId !== asked.key) return { kind: 'unknown', cause: 'unlisted', detail: 'other creationRequestId' };
  // A repeat after a cancel answers SUCCESS with the old code; only the card's own status tells that it is worthless.
  if (wire.VOID_CARD_STATUSES.has(cardInfo.cardStatus)) return { kind: 'unknown', cause: 'voided', detail: cardInfo.cardStatus };
  if (cardInfo.cardStatus !== 'Fulfilled') return { kind: 'unknown', cause: 'unlisted', detail: 'cardStatus' };
  if (cardInfo.value.currencyCode !== 'JPY' || cardInfo.value.amount !== asked.yen) return { kind: 'unknown', cause: 'wrong_amount' };
  if (!gcClaimCode || !wire.CLAIM_CODE.test(gcClaimCode)) return unreadable('gcClaimCode');
  return {
    kind: 'issued',
    yen: asked.yen,
    issued: { code: gcClaimCode, reference: gcId, expiresOn: gcExpirationDate ? lastDayInJapan(gcExpirationDate) : undefined },
  };
}

/** Only F200 and F300 with status FAILURE (or none) can be a no. */
function isNo({ errorCode, agcodResponse }: wire.Failure): boolean {
  return (errorCode === 'F200' || errorCode === 'F300') && agcodResponse?.status !== 'RESEND';
}

function isPlea({ errorCode, agcodResponse }: wire.Failure): boolean {
  return errorCode === 'F400' || agcodResponse?.status === 'RESEND';
}

function declineOf(failure: wire.Failure): DeclineReason | undefined {
  if (!isNo(failure)) return undefined;
  if (failure.errorCode === 'F300' && failure.errorType === 'GeneralError') return wire.F300_GENERAL;
  return own(wire.DECLINES, failure.errorType);
}

/** A member of a table, never one that every object inherits: the name comes from outside. */
function own<T>(table: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}

function undecided(failure: wire.Failure): UnknownOutcome {
  if (failure.errorType === 'RequestedDenominationMismatch') return { kind: 'unknown', cause: 'wrong_amount', detail: detailOf(failure) };
  const cause = failure.errorCode === 'F100' || failure.errorCode === 'F500' ? 'server_error' : 'unlisted';
  return { kind: 'unknown', cause, detail: detailOf(failure) };
}

/** The provider's own words for operators; a type that no document lists is not repeated. */
function detailOf({ errorCode, errorType }: wire.Failure): string {
  return /^[A-Za-z]{1,60}$/.test(errorType) ? `${errorCode} ${errorType}` : errorCode;
}

function serverError(status: number): UnknownOutcome {
  return { kind: 'unknown', cause: 'server_error', detail: String(status) };
}

function unreadable(detail?: string): UnknownOutcome {
  return { kind: 'unknown', cause: 'unreadable', detail };
}

function hasStatusSuccess(body: unknown): boolean {
  return typeof body === 'object' && body !== null && 'status' in body && body.status === 'SUCCESS';
}

/** Which members were wrong, by name only: their values may be a code. */
function problemPaths(error: z.ZodError): string {
  return [...new Set(error.issues.map((issue) => issue.path.join('.')))].join(' ').slice(0, 120);
}
