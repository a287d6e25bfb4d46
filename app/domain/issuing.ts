/**
 * The rules of issuing: what a provider's answer proves, what to ask next, and when. Pure; the only
 * place where "unknown is not failed" is decided.
 */

export type DeclineReason =
  | 'out_of_stock'
  | 'insufficient_funds'
  | 'invalid_amount'
  | 'throttled'
  | 'account_suspended'
  | 'never_seen'
  | 'rejected';

/** What a provider can do, as far as the rules need it. */
export interface ProviderAbilities {
  readonly repeatable: boolean;
  /** Declines that prove, for a key once unanswered, that no earlier call issued anything. */
  readonly settlingDeclines: readonly DeclineReason[];
  readonly lookup: boolean;
  readonly keyHorizonMs: number;
  readonly settleAfterMs: number;
  readonly throttlePauseMs: number;
  readonly timeLimitMs: number;
}

/** What is known of an attempt before it is asked (again). */
export interface AttemptHistory {
  readonly calls: number;
  readonly createdAt: Date;
  readonly leasedUntil: Date | null;
  /** First and last time that an answer stayed away; null while every call got a sure answer. */
  readonly unknownSince: Date | null;
  readonly unknownAt: Date | null;
  /** Why the last answer proved nothing. */
  readonly cause: string | null;
}

/** What asking again cannot put right: the provider did answer, and the answer cannot be ours. */
export const CAUSES_FOR_A_PERSON: readonly string[] = ['duplicate_code', 'wrong_amount', 'voided'];

export type NextCall =
  | { readonly kind: 'issue' | 'lookup' }
  | { readonly kind: 'wait'; readonly delayMs: number }
  /** Nothing automatic is safe any more. */
  | { readonly kind: 'person' };

/** Time a worker may take for a call and its bookkeeping before another takes over. */
export function leaseMs(abilities: ProviderAbilities): number {
  return abilities.timeLimitMs + 20_000;
}

/** What to ask the provider now, for an attempt that is not settled. */
export function decideNextCall(history: AttemptHistory, abilities: ProviderAbilities, now: Date): NextCall {
  if (history.leasedUntil !== null && now < history.leasedUntil) {
    return { kind: 'wait', delayMs: history.leasedUntil.getTime() - now.getTime() + 100 };
  }
  // A lease that ran out belongs to a worker that died in mid-call: what it asked is unknown.
  const unanswered = history.leasedUntil ?? history.unknownAt;
  if (unanswered === null) return { kind: 'issue' };
  if (history.cause !== null && CAUSES_FOR_A_PERSON.includes(history.cause)) return { kind: 'person' };
  const settled = unanswered.getTime() + abilities.settleAfterMs;
  if (now.getTime() < settled) return { kind: 'wait', delayMs: settled - now.getTime() + 1 };
  if (abilities.lookup) return { kind: 'lookup' };
  if (abilities.repeatable && now.getTime() < history.createdAt.getTime() + abilities.keyHorizonMs) return { kind: 'issue' };
  return { kind: 'person' };
}

export type Answer =
  | { readonly kind: 'issued' }
  | { readonly kind: 'declined'; readonly reason: DeclineReason }
  | { readonly kind: 'unknown'; readonly cause: string };

export type Settlement =
  | { readonly kind: 'issued' }
  | { readonly kind: 'declined'; readonly reason: DeclineReason }
  /** The request surely never left: nothing changed, ask again with the same key. */
  | { readonly kind: 'unsent' }
  | { readonly kind: 'unknown'; readonly cause: string };

/**
 * What an answer proves. A yes is a yes. A no counts at once only while no earlier call with this key
 * went unanswered; after that only the provider's settling declines do, for a gate may refuse a repeat
 * (throttle, funds) without looking whether the first call was served.
 */
export function decideSettlement(everUnknown: boolean, settling: readonly DeclineReason[], answer: Answer): Settlement {
  switch (answer.kind) {
    case 'issued':
      return { kind: 'issued' };
    case 'unknown':
      return answer.cause === 'never_sent' && !everUnknown ? { kind: 'unsent' } : { kind: 'unknown', cause: answer.cause };
    case 'declined':
      return !everUnknown || settling.includes(answer.reason)
        ? { kind: 'declined', reason: answer.reason }
        : { kind: 'unknown', cause: answer.reason };
  }
}

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;

/** Pauses between repeats of an unanswered question, by how often it was asked. */
const REPEAT_AFTER_MS = [5 * SECOND_MS, 15 * SECOND_MS, 30 * SECOND_MS, MINUTE_MS, 2 * MINUTE_MS, 5 * MINUTE_MS];

/** How long to wait before the same question is put again. */
export function repeatDelayMs(calls: number): number {
  return REPEAT_AFTER_MS[Math.min(Math.max(calls - 1, 0), REPEAT_AFTER_MS.length - 1)] ?? 5 * MINUTE_MS;
}

/** How long to wait before a new attempt after a sure no of a passing kind. */
export function newAttemptDelayMs(reason: DeclineReason, attempts: number, abilities: ProviderAbilities): number {
  switch (reason) {
    case 'never_seen':
      return 0;
    case 'throttled':
      return abilities.throttlePauseMs * attempts;
    case 'out_of_stock':
      return 30 * SECOND_MS * attempts;
    default:
      return MINUTE_MS * attempts;
  }
}

/** How many answers in a row may stay away before a provider is left alone. */
const TROUBLE_LIMIT = 5;

/** How long a troubled provider is left alone; 0 while it is not. Doubles up to five minutes. */
export function breakMs(troubleCount: number): number {
  if (troubleCount < TROUBLE_LIMIT) return 0;
  return Math.min(15 * SECOND_MS * 2 ** Math.min(troubleCount - TROUBLE_LIMIT, 10), 5 * MINUTE_MS);
}
