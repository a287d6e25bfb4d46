import { exclusiveDeadline, isBeforeDeadline } from './deadline';

/** The states of a claim (申請) and the arrows between them. The database holds the same table. */
export const CLAIM_ARROWS = {
  /** It is here; its mail address is not proven yet. */
  received: ['checking', 'refused'],
  /** Its address is proven; it is compared with the register. */
  checking: ['more_needed', 'approved', 'refused'],
  /** The applicant was asked for more. */
  more_needed: ['checking', 'refused'],
  /** A grant was made of it; the link goes out in its window. */
  approved: ['sent'],
  /** The link was sent. */
  sent: ['collected'],
  /** The applicant has received points. */
  collected: [],
  /** Our no, with its reason; a person may look again. Its address may never have been proven. */
  refused: ['checking', 'received'],
} as const satisfies Record<string, readonly string[]>;

export type ClaimState = keyof typeof CLAIM_ARROWS;

/** Every state, in the order in which a claim goes through them. */
export const CLAIM_STATES = Object.keys(CLAIM_ARROWS) as ClaimState[];

/** Whether the arrow exists. Staying is none: nothing happens twice. */
export function mayClaimGo(from: ClaimState, to: ClaimState): boolean {
  return (CLAIM_ARROWS[from] as readonly ClaimState[]).includes(to);
}

/** What an applicant is told by mail as soon as their claim comes to it. */
export const TOLD_STATES = ['more_needed', 'approved', 'refused'] as const satisfies readonly ClaimState[];
export type ToldState = (typeof TOLD_STATES)[number];

/** When claims are taken, as the campaign's settings announce it: from the first instant to the last second. */
export interface ClaimTerms {
  readonly opensAt: Date;
  /** Exclusive instant. */
  readonly closesAt: Date;
}

/** The terms in a campaign's settings; null when its programme takes no claims. */
export function claimTermsOf(settings: { readonly claims?: { readonly opensAt: string; readonly closesAt: string } }): ClaimTerms | null {
  const { claims } = settings;
  return claims ? { opensAt: new Date(claims.opensAt), closesAt: exclusiveDeadline(new Date(claims.closesAt)) } : null;
}

/** Whether a claim that arrives at this instant is taken. */
export function claimWindow(terms: ClaimTerms, now: Date): 'before' | 'open' | 'after' {
  if (now < terms.opensAt) return 'before';
  return isBeforeDeadline(now, terms.closesAt) ? 'open' : 'after';
}

/** What an applicant is asked for; each has a sentence. */
export const CLAIM_ASKS = ['number', 'name', 'address', 'contact', 'photo', 'other'] as const;

/** Why a claim is refused; each has a sentence. */
export const CLAIM_REFUSALS = ['already_paid', 'with_app', 'balance_zero', 'not_covered', 'unknown_number', 'withdrawn', 'other'] as const;

/** From whom staff have it that something in a claim is another. */
export const CLAIM_CORRECTIONS = ['by_telephone', 'by_photo', 'obvious', 'other'] as const;

/** Why the link that proves a claim's address is not sent again. */
export type ClaimMailRefusal =
  | 'not_found'
  | 'proposed'
  | 'wrong_state'
  | 'reason_missing'
  | 'mail_malformed'
  | 'mail_going'
  | 'too_many_today';

/** Why a claim's inquiry number is not put right. */
export type ClaimNumberRefusal =
  | 'not_found'
  | 'proposed'
  | 'wrong_state'
  | 'reason_missing'
  | 'number_unknown'
  | 'number_malformed'
  | 'number_twice'
  | 'number_last';

/** By what a claim is like others; each has a sentence. */
export const CLAIM_SIGNALS = ['origin', 'device', 'address', 'phone', 'mail', 'name'] as const;
export type ClaimSignal = (typeof CLAIM_SIGNALS)[number];

/** Why a claim is proposed for approval. */
export const CLAIM_APPROVALS = ['matches', 'checked'] as const;

/** One proposal names so many at most: both people must be able to judge it. */
export const CLAIMS_AT_ONCE = 100;
