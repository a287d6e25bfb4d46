import { type Contact, normaliseKana, normaliseMail, normaliseName, readMail, readPhone } from './contact';

/**
 * What a person can be found by, in the one form in which it is filed and asked for. Pure; the index, the question
 * and the check of a hit use the same functions, so that what was filed is found again.
 */

/** Kinds of facts that say the same thing: a call centre needs facts of two different ones. */
export type FactGroup = 'number' | 'phone' | 'mail' | 'name';
export type FactKind = 'grant_number' | 'inquiry_number' | 'phone' | 'mail' | 'kana' | 'name';

const GROUPS: Readonly<Record<FactKind, FactGroup>> = {
  grant_number: 'number',
  inquiry_number: 'number',
  phone: 'phone',
  mail: 'mail',
  kana: 'name',
  name: 'name',
};

/** One way to understand what was typed. */
export interface Reading {
  readonly kind: FactKind;
  /** Of the value: the whole, how it begins, or how it ends. */
  readonly match: 'whole' | 'start' | 'end';
  /** In the form that is compared. */
  readonly text: string;
  /** As a recipient's own blind index would hold it, if this is the whole value: found also before it is filed. */
  readonly indexed?: string;
}

/** What kinds of facts readings are of. */
export function groupOf(reading: Reading): FactGroup {
  return GROUPS[reading.kind];
}

const HYPHENS = /[-‐‑‒–—―−~〜]/g;
/** Long-vowel marks are typed for hyphens and the other way round. */
const MARKS = /[-‐‑‒–—―−ー~〜・.'’]/g;

/** A number on a letter as it is compared: one width, capitals, without hyphens and spaces. The database has the same form. */
export function numberForm(text: string): string {
  return text.normalize('NFKC').replace(/\s+/g, '').replace(MARKS, '').toUpperCase();
}

/** A name as it is searched for. */
function nameForm(text: string): string {
  return normaliseName(text).replace(MARKS, '');
}

/** A reading of a name as it is searched for. */
function kanaForm(text: string): string {
  return normaliseKana(text).replace(MARKS, '');
}

/** How much of a beginning is filed, by field: from so many characters to so many. */
const STARTS = { name: [2, 8], kana: [2, 12], phone: [5, 11], mail: [3, 20] } as const;
const PHONE_END = 4;

/** Fields under which a beginning or an end is filed. */
export type TokenField = 'name' | 'kana' | 'phone' | 'phone_end' | 'mail';
export interface TokenText {
  readonly field: TokenField;
  readonly text: string;
}

/** Everything that a contact is filed under. */
export function tokenTexts(contact: Contact): TokenText[] {
  const filed: TokenText[] = [];
  const starts = (field: keyof typeof STARTS, text: string | null) => {
    if (!text) return;
    const letters = [...text];
    const [from, to] = STARTS[field];
    for (let length = Math.min(from, letters.length); length <= Math.min(to, letters.length); length += 1) {
      filed.push({ field, text: letters.slice(0, length).join('') });
    }
  };
  starts('name', contact.name && nameForm(contact.name));
  starts('kana', contact.kana && kanaForm(contact.kana));
  const digits = contact.phone && nationalDigits(contact.phone);
  starts('phone', digits);
  if (digits) filed.push({ field: 'phone_end', text: digits.slice(-PHONE_END) });
  const mail = contact.mail && normaliseMail(contact.mail);
  starts('mail', mail);
  // The beginnings of long addresses are alike: the whole one is filed beside them.
  if (mail && [...mail].length > STARTS.mail[1]) filed.push({ field: 'mail', text: mail });
  return filed;
}

/** The token under which a reading is found; null for numbers, which have an index of their own, and for what is too short. */
export function tokenOf({ kind, match, text }: Reading): TokenText | null {
  if (kind === 'grant_number' || kind === 'inquiry_number') return null;
  if (match === 'end') return { field: 'phone_end', text };
  if (match === 'whole') return { field: kind, text };
  const [from, to] = STARTS[kind];
  const letters = [...text];
  return letters.length < from ? null : { field: kind, text: letters.slice(0, to).join('') };
}

/** What is known of a person, to be compared with what was typed. */
export interface KnownFacts {
  readonly number: string;
  readonly inquiryNumber: string | null;
  readonly contact: Contact | null;
}

/** Whether a reading is true of a person. What an index finds is checked here before it is shown. */
export function isTrueOf({ kind, match, text }: Reading, { number, inquiryNumber, contact }: KnownFacts): boolean {
  const value = {
    grant_number: () => numberForm(number),
    inquiry_number: () => inquiryNumber && numberForm(inquiryNumber),
    phone: () => contact?.phone && nationalDigits(contact.phone),
    mail: () => contact?.mail && normaliseMail(contact.mail),
    kana: () => contact?.kana && kanaForm(contact.kana),
    name: () => contact?.name && nameForm(contact.name),
  }[kind]();
  if (!value) return false;
  if (match === 'whole') return value === text;
  return match === 'start' ? value.startsWith(text) : value.endsWith(text);
}

/** Whether two typed facts, in readings of different groups, are both true of a person. */
export function areTrueOf(first: readonly Reading[], second: readonly Reading[], known: KnownFacts): boolean {
  return first.some((a) => isTrueOf(a, known) && second.some((b) => groupOf(a) !== groupOf(b) && isTrueOf(b, known)));
}

/** Whether there are readings of different groups at all. */
export function differ(first: readonly Reading[], second: readonly Reading[]): boolean {
  return first.some((a) => second.some((b) => groupOf(a) !== groupOf(b)));
}

export const FACT_LENGTH_MOST = 254;
const NUMBER_LEAST = 4;
const KANA = /^[\p{Script=Katakana}ー]+$/u;
const NUMBER = /^[A-Z0-9]{1,40}$/;
const LOCAL_PART = /^[a-z0-9.!#$%&'*+/=?^_`{|}~-]+$/;

/**
 * All ways to understand what was typed into the search field; none when it is too short or too long to find anybody
 * by. Blind to width, case, kana, hyphens and spaces.
 */
export function readFact(typed: string): Reading[] {
  const plain = typed.normalize('NFKC').trim();
  if (plain === '' || typed.length > FACT_LENGTH_MOST) return [];
  if (plain.includes('@')) return readMailFact(plain);
  return [...readNumberFact(plain), ...readPhoneFact(plain), ...readNameFact(plain), ...readLocalPart(plain)];
}

function readMailFact(plain: string): Reading[] {
  const whole = readMail(plain);
  const start = normaliseMail(plain.replace(/\s+/g, ''));
  const readings: Reading[] = whole ? [{ kind: 'mail', match: 'whole', text: normaliseMail(whole), indexed: normaliseMail(whole) }] : [];
  return /^[^@]{1,64}@[a-z0-9.-]*$/.test(start) && start.length >= STARTS.mail[0]
    ? [...readings, { kind: 'mail', match: 'start', text: start }]
    : readings;
}

function readNumberFact(plain: string): Reading[] {
  const text = numberForm(plain);
  if (!NUMBER.test(text) || text.length < NUMBER_LEAST || !/\d/.test(text)) return [];
  return [
    { kind: 'grant_number', match: 'start', text },
    { kind: 'inquiry_number', match: 'start', text },
  ];
}

function readPhoneFact(plain: string): Reading[] {
  const phone = readPhone(plain);
  if (phone) return [{ kind: 'phone', match: 'whole', text: nationalDigits(phone.e164), indexed: phone.e164 }];
  const digits = plain
    .replace(/[\s()]/g, '')
    .replace(MARKS, '')
    .replace(/^(?:\+|00)810?/, '0');
  if (!/^\d+$/.test(digits)) return [];
  if (digits.length === PHONE_END) return [{ kind: 'phone', match: 'end', text: digits }];
  return digits.startsWith('0') && digits.length >= STARTS.phone[0] && digits.length <= 11
    ? [{ kind: 'phone', match: 'start', text: digits }]
    : [];
}

function readNameFact(plain: string): Reading[] {
  if (/\d/.test(plain)) return [];
  const kana = kanaForm(plain);
  const name = nameForm(plain);
  const readings: Reading[] = [];
  if ([...kana].length >= STARTS.kana[0] && (KANA.test(kana) || /^[a-z]+$/.test(kana)))
    readings.push({ kind: 'kana', match: 'start', text: kana, indexed: normaliseKana(plain) });
  if ([...name].length >= STARTS.name[0]) readings.push({ kind: 'name', match: 'start', text: name, indexed: normaliseName(plain) });
  return readings;
}

function readLocalPart(plain: string): Reading[] {
  const text = normaliseMail(plain.replace(HYPHENS, '-'));
  return LOCAL_PART.test(text) && /[a-z]/.test(text) && text.length >= STARTS.mail[0] ? [{ kind: 'mail', match: 'start', text }] : [];
}

function nationalDigits(e164: string): string {
  return e164.replace(/^\+81/, '0');
}
