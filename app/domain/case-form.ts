import { CALLER_WAYS, CASE_KINDS, type CallerWay, type CaseKind } from './case';
import { COUPON_FACTS, type CouponFact } from './case-decision';
import { normaliseInquiry } from './claim-form';
import { hasControlCharacters, normaliseMail, normaliseName, readMail, readPhone } from './contact';
import { japanDay, readWrittenTime } from './japan-time';
import { readYen, type Yen } from './yen';

/** What the agent typed at the first step of a new case, as it was typed: in the order in which it is asked. */
export const CALL_FIELDS = ['number', 'valid', 'prefecture', 'shop', 'name', 'phone', 'mail'] as const;
export type CallField = (typeof CALL_FIELDS)[number];
export type TypedCall = Readonly<Record<CallField, string>>;

/** The same put right. */
export interface Call {
  readonly name: string;
  /** E.164. */
  readonly phone: string;
  readonly mail: string | null;
  /** As it is compared. */
  readonly number: string;
  /** YYYY-MM-DD. */
  readonly validOn: string;
  readonly prefecture: string;
  readonly shop: string;
}

export type CaseProblem = 'missing' | 'malformed' | 'too_long' | 'wrong' | 'same' | 'not_held' | 'no_way';
export interface CaseError<Field extends string = string> {
  readonly field: Field;
  readonly problem: CaseProblem;
}

const LONGEST: Readonly<Record<CallField, number>> = { name: 80, phone: 40, mail: 254, number: 40, valid: 40, prefecture: 20, shop: 100 };
const NUMBER = /^[0-9A-Z]{1,30}$/;

/** Reads the first step: who calls, and the four things of the notice. Width, kana and hyphens are put right; what is wrong comes in the order in which it is asked. */
export function readCall(
  typed: TypedCall,
): { readonly ok: true; readonly call: Call } | { readonly ok: false; readonly errors: CaseError<CallField>[] } {
  const errors: CaseError<CallField>[] = [];
  const text = (field: CallField): string => {
    const value = typed[field].normalize('NFKC').replace(/\s+/g, ' ').trim();
    if (value === '' && field !== 'mail') errors.push({ field, problem: 'missing' });
    else if (value.length > LONGEST[field]) errors.push({ field, problem: 'too_long' });
    else if (hasControlCharacters(value)) errors.push({ field, problem: 'malformed' });
    else return value;
    return '';
  };
  const read = <T>(field: CallField, value: string, reader: (value: string) => T | null): T | null => {
    if (value === '') return null;
    const result = reader(value);
    if (result === null) errors.push({ field, problem: 'malformed' });
    return result;
  };
  const name = text('name');
  const dialled = read('phone', text('phone'), readPhone);
  const phone = dialled?.e164 ?? null;
  const mail = read('mail', text('mail'), readMail);
  // What is granted goes by a link, which no fixed line can take.
  if (dialled?.kind === 'landline' && typed.mail.trim() === '') errors.push({ field: 'mail', problem: 'no_way' });
  const number = read('number', text('number'), (value) => {
    const plain = normaliseInquiry(value);
    return NUMBER.test(plain) ? plain : null;
  });
  const validOn = read('valid', text('valid'), readDay);
  const prefecture = text('prefecture');
  const shop = text('shop');
  if (errors.length > 0 || phone === null || number === null || validOn === null) {
    return { ok: false, errors: errors.sort((a, b) => CALL_FIELDS.indexOf(a.field) - CALL_FIELDS.indexOf(b.field)) };
  }
  return { ok: true, call: { name, phone, mail, number, validOn, prefecture, shop } };
}

const DAY = /^(令和|令|R|\d{2})?(元|\d{1,2})[年./-](\d{1,2})[月./-](\d{1,2})日?$/i;
/** 令和元年 was 2019. */
const REIWA_BEFORE = 2018;

/** As people read it aloud and as it is printed: 2023-02-24, 2023/2/24, 2023年2月24日, 令和5年2月24日 or R5.2.24. */
function readDay(text: string): string | null {
  const [, era = '', year = '', month, day] = DAY.exec(text.replace(/\s+/g, '')) ?? [];
  const isReiwa = /^(令|R)/i.test(era);
  const full = isReiwa ? String(REIWA_BEFORE + (year === '元' ? 1 : Number(year))) : era + year;
  const read = readWrittenTime(month === undefined ? text : `${full}-${month}-${day}`);
  return read && japanDay(read.at);
}

/** What the register holds that a caller can be asked for. */
export interface HeldFacts {
  readonly phone: string | null;
  readonly mail: string | null;
  readonly issuer: string;
  readonly faceYen: Yen;
}

/** Whether what a caller said is what the register holds. Nothing of either leaves this function. */
export function isCouponFactRight(held: HeldFacts, fact: CouponFact, said: string): boolean {
  const text = said.trim();
  if (text === '') return false;
  switch (fact) {
    case 'phone':
      return held.phone !== null && readPhone(text)?.e164 === held.phone;
    case 'mail': {
      const mail = readMail(text);
      return held.mail !== null && mail !== null && normaliseMail(mail) === normaliseMail(held.mail);
    }
    case 'issuer':
      return normaliseName(text) === normaliseName(held.issuer);
    case 'face': {
      const yen = readYen(text);
      return yen.ok && yen.yen === held.faceYen;
    }
  }
}

/** What the agent typed at the second step, as it was typed. */
export interface TypedStory {
  readonly way: string;
  readonly fact1: string;
  readonly said1: string;
  readonly fact2: string;
  readonly said2: string;
  readonly kind: string;
  readonly payments: readonly string[];
  readonly story: string;
}

export interface Story {
  readonly way: CallerWay;
  /** Which two facts were asked and right; null for the other ways. */
  readonly facts: readonly CouponFact[] | null;
  readonly kind: CaseKind;
  readonly payments: readonly string[];
  readonly story: string;
}

const STORY_LONGEST = 1_000;

/** Reads the second step against what the register holds (null: the coupon is not known). Payments not of the coupon are left out. */
export function readStory(
  typed: TypedStory,
  held: { readonly facts: HeldFacts; readonly payments: readonly string[] } | null,
):
  | { readonly ok: true; readonly story: Story }
  | { readonly ok: false; readonly errors: CaseError[]; readonly wrongFacts: readonly CouponFact[] } {
  const errors: CaseError[] = [];
  let wrongFacts: CouponFact[] = [];
  const way = CALLER_WAYS.find((each) => each === typed.way);
  const kind = CASE_KINDS.find((each) => each === typed.kind);
  if (!way) errors.push({ field: 'way', problem: 'missing' });
  let facts: CouponFact[] | null = null;
  if (way === 'call_back' && held?.facts.phone == null) errors.push({ field: 'way', problem: 'not_held' });
  if (way === 'facts') {
    const asked = [
      [typed.fact1, typed.said1],
      [typed.fact2, typed.said2],
    ] as const;
    const known = asked.flatMap(([fact]) => COUPON_FACTS.find((each) => each === fact) ?? []);
    if (known.length < 2 || asked.some(([, said]) => said.trim() === '')) errors.push({ field: 'fact1', problem: 'missing' });
    else if (known[0] === known[1]) errors.push({ field: 'fact2', problem: 'same' });
    else if (!held) errors.push({ field: 'fact1', problem: 'not_held' });
    else if (!known.every((fact, i) => isCouponFactRight(held.facts, fact, asked[i]?.[1] ?? ''))) {
      wrongFacts = known;
      errors.push({ field: 'fact1', problem: 'wrong' });
    } else facts = known;
  }
  if (!kind) errors.push({ field: 'kind', problem: 'missing' });
  const story = typed.story.normalize('NFC').trim();
  if (story.length > STORY_LONGEST) errors.push({ field: 'story', problem: 'too_long' });
  if (hasControlCharacters(story.replace(/[\r\n\t]/g, ' '))) errors.push({ field: 'story', problem: 'malformed' });
  if (kind === 'other' && story === '') errors.push({ field: 'story', problem: 'missing' });
  if (errors.length > 0 || !way || !kind) return { ok: false, errors, wrongFacts };
  const payments = [...new Set(typed.payments)].filter((number) => held?.payments.includes(number)).sort();
  return { ok: true, story: { way, facts, kind, payments, story } };
}
