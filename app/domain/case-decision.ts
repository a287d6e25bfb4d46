import type { CaseAsk, CaseKind, CaseOutcome, CaseRefusal, ShopAnswer } from './case';
import { normaliseName } from './contact';
import { lastMoment } from './deadline';
import { japanDay } from './japan-time';
import { sumYen, type Yen } from './yen';

/** The rule about a case: what was said against what is known, and what follows from it. Pure; a person decides. */

/** The four things that the notice asks. */
export const SAID_THINGS = ['number', 'valid', 'prefecture', 'shop'] as const;
export type SaidThing = (typeof SAID_THINGS)[number];

export interface SaidCoupon {
  /** YYYY-MM-DD. */
  readonly validOn: string;
  readonly prefecture: string;
  readonly shop: string;
}

export interface KnownCoupon {
  /** Exclusive instant, as issued. */
  readonly validUntil: Date;
  readonly prefecture: string;
  readonly shops: readonly string[];
}

/** Whether each of the four things is as the register has it; with no coupon only that the number is not known. */
export function compareSaid(said: SaidCoupon, known: KnownCoupon | null): Readonly<Record<SaidThing, boolean | null>> {
  if (!known) return { number: false, valid: null, prefecture: null, shop: null };
  return {
    number: true,
    valid: said.validOn === japanDay(lastMoment(known.validUntil)),
    prefecture: plainPrefecture(said.prefecture) === plainPrefecture(known.prefecture),
    shop: known.shops.some((shop) => isSameShop(shop, said.shop)),
  };
}

/** 熊本 and 熊本県 are one; 北海道 stays whole. */
function plainPrefecture(text: string): string {
  return normaliseName(text).replace(/(?<=^.{2,3})[都府県]$/u, '');
}

/** People say a shop's name short or long: one within the other is the same. */
function isSameShop(listed: string, said: string): boolean {
  const [a, b] = [normaliseName(listed), normaliseName(said)];
  return b.length >= 2 ? a.includes(b) || b.includes(a) : a === b;
}

/** A payment that the case is about. */
export interface CasePayment {
  readonly number: string;
  readonly yen: Yen;
  /** It took something, and that is entered in the register. */
  readonly entered: boolean;
  /** Put back or paid out already. */
  readonly givenBack: boolean;
}

export interface CaseFacts {
  readonly kind: CaseKind;
  readonly identified: boolean;
  readonly agrees: Readonly<Record<SaidThing, boolean | null>>;
  /** Those that were probably or surely too much, as they were chosen. */
  readonly payments: readonly CasePayment[];
  /** Whether the register shows any suspicious payment of this coupon. */
  readonly suspicious: boolean;
  readonly shopAnswer: ShopAnswer | null;
  readonly cutOff: boolean;
}

/** What the rule proposes. */
export type CaseProposal =
  | { readonly kind: 'approve'; readonly outcome: CaseOutcome; readonly yen: Yen }
  | { readonly kind: 'ask_shop' }
  | { readonly kind: 'ask_more'; readonly what: CaseAsk }
  | { readonly kind: 'refuse'; readonly reason: CaseRefusal };

/**
 * The way on: what is missing is asked for first, then the shop; what agrees is approved. After the cut-off has begun
 * nothing is put back any more, and what is owed becomes a grant.
 */
export function proposeDecision(facts: CaseFacts): CaseProposal {
  const { agrees, payments, shopAnswer } = facts;
  if (!agrees.number) return { kind: 'ask_more', what: 'number' };
  if (!facts.identified) return { kind: 'ask_more', what: 'identity' };
  if (payments.length === 0) {
    return facts.suspicious || facts.kind === 'other'
      ? { kind: 'ask_more', what: 'payments' }
      : { kind: 'refuse', reason: 'nothing_taken' };
  }
  if (owedYen(payments) === 0n) {
    return { kind: 'refuse', reason: payments.some(({ givenBack }) => givenBack) ? 'already_given_back' : 'nothing_taken' };
  }
  if (shopAnswer === 'differs') return { kind: 'refuse', reason: 'shop_differs' };
  if (SAID_THINGS.some((thing) => agrees[thing] === false)) return { kind: 'ask_more', what: 'differs' };
  if (shopAnswer === null) return { kind: 'ask_shop' };
  if (shopAnswer === 'no_record') return { kind: 'ask_more', what: 'shop_no_record' };
  return { kind: 'approve', outcome: facts.cutOff ? 'granted' : 'put_back', yen: owedYen(payments) };
}

/** What approving comes to: the payments that can still be given back. */
export function owedYen(payments: readonly CasePayment[]): Yen {
  return sumYen(payments.filter(({ entered, givenBack }) => entered && !givenBack).map(({ yen }) => yen));
}

/** What a caller can be asked for about a coupon, because the register holds it. */
export const COUPON_FACTS = ['phone', 'mail', 'issuer', 'face'] as const;
export type CouponFact = (typeof COUPON_FACTS)[number];
