import { z } from 'zod';
import { japanMidnight } from './japan-time';

/** The states of a case (問合せ案件) and the arrows between them. The database holds the same table. */
export const CASE_ARROWS = {
  /** The call was taken; nobody works on it yet. */
  received: ['checking', 'refused'],
  /** Somebody compares what was said with the register. */
  checking: ['asking_shop', 'more_needed', 'approved', 'refused'],
  /** The shop was asked. */
  asking_shop: ['checking', 'more_needed', 'approved', 'refused'],
  /** The caller was asked for more. */
  more_needed: ['checking', 'asking_shop', 'refused'],
  /** Two people agreed, and it was carried out; the caller is to be told. */
  approved: ['done'],
  /** Our no, with its reason; a person may look again. The caller is to be told. */
  refused: ['checking', 'done'],
  /** The caller knows. */
  done: [],
} as const satisfies Record<string, readonly string[]>;

export type CaseState = keyof typeof CASE_ARROWS;

/** Every state, in the order in which a case goes through them. */
export const CASE_STATES = Object.keys(CASE_ARROWS) as CaseState[];

/** Whether the arrow exists. Staying is none: nothing happens twice. */
export function mayCaseGo(from: CaseState, to: CaseState): boolean {
  return (CASE_ARROWS[from] as readonly CaseState[]).includes(to);
}

/** What happened to the payment: B(1) and B(2) of the notice, and anything else of those hours. */
export const CASE_KINDS = ['unanswered', 'repeated', 'other'] as const;
export type CaseKind = (typeof CASE_KINDS)[number];

/** How we know who calls: two facts that we hold, a call back to the number that we hold, or not yet. */
export const CALLER_WAYS = ['facts', 'call_back', 'later'] as const;
export type CallerWay = (typeof CALLER_WAYS)[number];

/** What the shop's records say. */
export const SHOP_ANSWERS = ['agrees', 'differs', 'no_record'] as const;
export type ShopAnswer = (typeof SHOP_ANSWERS)[number];

/** What the caller is asked for. */
export const CASE_ASKS = ['identity', 'number', 'payments', 'differs', 'shop_no_record', 'other'] as const;
export type CaseAsk = (typeof CASE_ASKS)[number];

/** Why a case is refused; each has a sentence to say. */
export const CASE_REFUSALS = ['shop_differs', 'nothing_taken', 'already_given_back', 'not_covered', 'withdrawn', 'other'] as const;
export type CaseRefusal = (typeof CASE_REFUSALS)[number];

/** What an approved case comes to: back on the coupon, or a grant once the cut-off has begun. */
export const CASE_OUTCOMES = ['put_back', 'granted'] as const;
export type CaseOutcome = (typeof CASE_OUTCOMES)[number];

const question = (text: string) => z.string().min(1).max(300).default(text);

/** A campaign's call-centre script: what the agent asks and says, in the order of the form. */
export const caseScript = z.object({
  greeting: question('補償コールセンターでございます。地域クーポンの決済についてのお問い合わせですね。順にお伺いいたします。'),
  name: question('お名前をフルネームでお聞かせください。'),
  phone: question('折り返しのお電話番号をお願いいたします。'),
  mail: question('メールアドレスがございましたら、お聞かせください。'),
  number: question('クーポンに記載のお問合せ番号をお読み上げください。'),
  valid: question('クーポンの有効期限はいつでしょうか。'),
  prefecture: question('ご旅行先の都道府県はどちらでしょうか。'),
  shop: question('ご利用になった店舗のお名前をお聞かせください。'),
  identity: question('ご本人さまの確認のため、ご登録内容を2つお伺いいたします。'),
  happened: question('お支払いのとき、どのようなことがございましたか。'),
  closing: question('内容を店舗に確認し、折り返しご連絡いたします。受付番号をお伝えいたしますので、お控えください。'),
});
export type CaseScript = z.infer<typeof caseScript>;

const dueDays = (days: number) => z.int().min(0).max(60).default(days);

/** What differs from one programme to the next: the script, and in how many working days each state is to be left. */
export const caseSettings = z.object({
  script: caseScript.default(() => caseScript.parse({})),
  dueDays: z
    .object({
      received: dueDays(1),
      checking: dueDays(2),
      asking_shop: dueDays(5),
      more_needed: dueDays(7),
      approved: dueDays(1),
      refused: dueDays(1),
    })
    .default({ received: 1, checking: 2, asking_shop: 5, more_needed: 7, approved: 1, refused: 1 }),
});
export type CaseSettings = z.infer<typeof caseSettings>;

/** A campaign's settings for cases; one loaded before there were any has the defaults. */
export function caseSettingsOf(settings: unknown): CaseSettings {
  const read = caseSettings.safeParse((settings as { cases?: unknown } | null)?.cases ?? {});
  return read.success ? read.data : caseSettings.parse({});
}

const DAY_MS = 86_400_000;
const CLOSING_MS = 18 * 3_600_000;

/** Until when a state is to be left: the end of so many working days (Monday to Friday, 18:00 in Japan) from now. Null when it is the last. */
export function caseDue(state: CaseState, now: Date, { dueDays: days }: CaseSettings): Date | null {
  if (state === 'done') return null;
  let midnight = japanMidnight(now).getTime();
  let left = days[state];
  for (;;) {
    const closing = midnight + CLOSING_MS;
    if (isWorkday(midnight) && closing > now.getTime()) {
      if (left === 0) return new Date(closing);
      left -= 1;
    }
    midnight += DAY_MS;
  }
}

function isWorkday(japanMidnightMs: number): boolean {
  const weekday = new Date(japanMidnightMs + 9 * 3_600_000).getUTCDay();
  return weekday !== 0 && weekday !== 6;
}
