import type { DeclineReason } from './issuing';

/** The states of a redemption (交換) and the arrows between them. The database holds the same table. */
export const REDEMPTION_ARROWS = {
  /** Accepted before the deadline, yen set aside. */
  requested: ['issuing', 'cancelled'],
  /** An attempt is open, or the next one waits. */
  issuing: ['issued', 'failed', 'in_doubt'],
  /** The provider may or may not have issued; a sure answer leads on. */
  in_doubt: ['issued', 'failed'],
  /** At least one code surely was not issued, and no attempt is open. */
  failed: ['issuing', 'cancelled'],
  /** The recipient has the codes. */
  issued: ['issuing'],
  /** The yen are back on the grant. */
  cancelled: [],
} as const satisfies Record<string, readonly string[]>;

export type RedemptionState = keyof typeof REDEMPTION_ARROWS;

/** Whether the arrow exists; staying is always allowed. */
export function mayGo(from: RedemptionState, to: RedemptionState): boolean {
  return from === to || (REDEMPTION_ARROWS[from] as readonly RedemptionState[]).includes(to);
}

/**
 * The arrows from one state to another, in order, without the first state; empty when it is the same.
 * A doubt that turns out as "never seen" and is tried again passes through `failed` on its way.
 * @throws when no way leads there: a bug
 */
export function wayTo(from: RedemptionState, to: RedemptionState): RedemptionState[] {
  const ways: RedemptionState[][] = [[from]];
  const seen = new Set([from]);
  for (let way = ways.shift(); way; way = ways.shift()) {
    const here = way.at(-1) ?? from;
    if (here === to) return way.slice(1);
    // A redemption is never called issued on the way to something else.
    if (here === 'issued' && here !== from) continue;
    for (const next of REDEMPTION_ARROWS[here]) {
      if (!seen.has(next)) {
        seen.add(next);
        ways.push([...way, next]);
      }
    }
  }
  throw new Error(`no way from ${from} to ${to}`);
}

/** Where one code of a redemption stands. */
export type CodeSituation = 'waiting' | 'asking' | 'in_doubt' | 'failed' | 'issued' | 'returned';

export interface AttemptFacts {
  readonly state: 'open' | 'issued' | 'declined' | 'unknown' | 'voided';
  readonly reason: DeclineReason | null;
  /** A person let another attempt follow this one. */
  readonly reopened?: boolean;
}

/** A sure no of these kinds may pass; a new attempt is made by itself. */
const PASSING: readonly DeclineReason[] = ['out_of_stock', 'insufficient_funds', 'throttled', 'never_seen'];

/** How many attempts are made for one code before a person or the recipient decides. */
export const AUTOMATIC_ATTEMPTS = 4;

/** Whether a surely refused code is tried again, by itself or because a person let it, given all its attempts so far. */
export function triesAgain(attempts: readonly AttemptFacts[]): boolean {
  const last = attempts.at(-1);
  if (last?.state !== 'declined') return false;
  if (last.reopened) return true;
  // What was tried before a person let it go on does not count.
  const since = attempts.length - 1 - attempts.findLastIndex((attempt) => attempt.reopened || attempt.state === 'voided');
  return last.reason !== null && PASSING.includes(last.reason) && since < AUTOMATIC_ATTEMPTS;
}

/** When an attempt was made: never at or before the one it follows, whatever the clocks of two workers say. */
export function attemptInstant(now: Date, attempts: readonly { readonly created_at: Date }[]): Date {
  const last = attempts.at(-1)?.created_at.getTime() ?? 0;
  return new Date(Math.max(now.getTime(), last + 1));
}

/** Where a code stands, from its attempts in order and whether its yen went back. */
export function codeSituation(attempts: readonly AttemptFacts[], returned: boolean): CodeSituation {
  if (returned) return 'returned';
  // At most one attempt lives, and what lives decides; the order tells only about what is over.
  const last = attempts.find(({ state }) => state !== 'declined' && state !== 'voided') ?? attempts.at(-1);
  if (!last) return 'waiting';
  switch (last.state) {
    case 'issued':
      return 'issued';
    case 'unknown':
      return 'in_doubt';
    case 'open':
      return 'asking';
    case 'declined':
      return triesAgain(attempts) ? 'waiting' : 'failed';
    case 'voided':
      return 'waiting';
  }
}

/** The state of a redemption, from the situations of its codes. */
export function rollUp(situations: readonly CodeSituation[]): RedemptionState {
  const has = (situation: CodeSituation) => situations.includes(situation);
  if (has('waiting') || has('asking')) return 'issuing';
  if (has('in_doubt')) return 'in_doubt';
  if (has('failed')) return 'failed';
  return has('issued') ? 'issued' : 'cancelled';
}
