/**
 * How people and their addresses are written, and the one form in which each is compared. Pure; the same
 * functions serve the import, the blind indexes and the search, so that what was filed is found again.
 */

/** Anything that could break a line, a header or a terminal. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: this is the check for them
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/;

/** Whether a text holds line breaks, NUL or other control characters. */
export function hasControlCharacters(text: string): boolean {
  return CONTROL.test(text);
}

/**
 * Forms of one family name that people mix up. Each is filed under the common form (right).
 * The pairs are the usual ones of MJ縮退マップ (文字情報基盤); the text itself is kept as it was written.
 */
const VARIANTS: Readonly<Record<string, string>> = {
  髙: '高',
  﨑: '崎',
  嵜: '崎',
  濵: '浜',
  濱: '浜',
  德: '徳',
  邊: '辺',
  邉: '辺',
  齋: '斎',
  齊: '斎',
  斉: '斎',
  澤: '沢',
  嶋: '島',
  嶌: '島',
  廣: '広',
  國: '国',
  櫻: '桜',
  瀨: '瀬',
  眞: '真',
  𠮷: '吉',
};
const VARIANT = new RegExp(`[${Object.keys(VARIANTS).join('')}]`, 'gu');

/** A name as it is compared: one width, no spaces, common forms of characters, lower case. */
export function normaliseName(text: string): string {
  return text
    .normalize('NFKC')
    .replace(/\s+/g, '')
    .replace(VARIANT, (written) => VARIANTS[written] ?? written)
    .toLowerCase();
}

const HIRAGANA = /[\u3041-\u3096\u309d\u309e]/g;
const HIRAGANA_TO_KATAKANA = 0x60;

/** A reading as it is compared: full-width katakana without spaces and middle dots. */
export function normaliseKana(text: string): string {
  return text
    .normalize('NFKC')
    .replace(/[\s・]+/g, '')
    .replace(HIRAGANA, (kana) => String.fromCharCode(kana.charCodeAt(0) + HIRAGANA_TO_KATAKANA))
    .toLowerCase();
}

export interface Phone {
  /** +819012345678. */
  readonly e164: string;
  /** Only a mobile number can take an SMS; everything else (fixed lines, IP phones, free-dial) is `landline`. */
  readonly kind: 'mobile' | 'landline';
}

/** Hyphens, minus signs, dashes and long-vowel marks that stand for hyphens; spaces, dots and brackets. */
const PHONE_PUNCTUATION = /[\s\-‐‑‒–—―−ー~〜.()]/g;
const PLAIN_DIGITS = /^0\d{9,10}$/;
const MOBILE = /^0[6789]0\d{8}$/;
const IP_PHONE = /^050\d{8}$/;
/** Area codes and free-dial; 00x are carriers' prefixes, 0x0 (but for 0120 and the like) other services. */
const FIXED_LINE = /^0(?![25-9]0)[1-9]\d{8}$/;

/**
 * Reads a Japanese telephone number as people write it: full-width digits, hyphens of all kinds, brackets,
 * +81 with or without the 0. Mobile ranges 060, 070, 080 and 090 are those of the numbering plan of the
 * Ministry of Internal Affairs and Communications (060 opened for mobile phones in 2024).
 * @returns null when it is none
 */
export function readPhone(text: string): Phone | null {
  let digits = text;
  if (!PLAIN_DIGITS.test(digits)) {
    if (hasControlCharacters(text)) return null;
    digits = text
      .normalize('NFKC')
      .replace(PHONE_PUNCTUATION, '')
      .replace(/^(?:\+|00)810?/, '0');
  }
  if (MOBILE.test(digits)) return { e164: `+81${digits.slice(1)}`, kind: 'mobile' };
  if (IP_PHONE.test(digits) || FIXED_LINE.test(digits)) return { e164: `+81${digits.slice(1)}`, kind: 'landline' };
  return null;
}

/** Whether an SMS can be sent to a stored number: no fixed line takes one, and none is sent abroad. */
export function takesSms(e164: string): boolean {
  return e164.startsWith('+81') && readPhone(e164)?.kind !== 'landline';
}

const FOREIGN = /^\+(?!81)[1-9]\d{6,14}$/;

/** Any number at which somebody can be called, also abroad (+886 912 345 678), as E.164; null when it is none. */
export function readAnyPhone(text: string): string | null {
  const own = readPhone(text);
  if (own) return own.e164;
  if (hasControlCharacters(text)) return null;
  const plain = text.normalize('NFKC').replace(PHONE_PUNCTUATION, '');
  return FOREIGN.test(plain) ? plain : null;
}

/** A stored number as it is read aloud: 090-0000-0012; fixed lines without hyphens, for area codes differ in length. */
export function showPhone(e164: string): string {
  const digits = nationalDigits(e164);
  return digits.length === 11 && !digits.startsWith('+') ? `${digits.slice(0, 3)}-${digits.slice(3, 7)}-${digits.slice(7)}` : digits;
}

/** A stored number for a screen that others may see: 090-****-0012. */
export function maskPhone(e164: string): string {
  const digits = nationalDigits(e164);
  return `${digits.slice(0, 3)}-${'*'.repeat(digits.length - 7)}-${digits.slice(-4)}`;
}

function nationalDigits(e164: string): string {
  return e164.replace(/^\+81/, '0');
}

/** Dots may stand anywhere in the local part: Japanese carriers gave out such addresses, and they still work. */
const LOCAL_PART = /^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}$/;
const DOMAIN = /^(?=.{4,253}$)(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+(?:[A-Za-z]{2,63}|xn--[A-Za-z0-9-]{2,59})$/;

/**
 * Reads a mail address: ASCII, one @, a domain with a dot; full-width letters are understood. The domain is
 * put in lower case, the local part is kept as written.
 * @returns null when it is none; line breaks and control characters are never part of one
 */
export function readMail(text: string): string | null {
  if (hasControlCharacters(text)) return null;
  const plain = text.normalize('NFKC').trim();
  const at = plain.indexOf('@');
  if (at < 1 || plain.length > 254) return null;
  const local = plain.slice(0, at);
  const domain = plain.slice(at + 1);
  return LOCAL_PART.test(local) && DOMAIN.test(domain) ? `${local}@${domain.toLowerCase()}` : null;
}

/** A mail address as it is compared: people do not remember capitals. */
export function normaliseMail(mail: string): string {
  return mail.toLowerCase();
}

/** A mail address for a screen that others may see: t***@example.jp. */
export function maskMail(mail: string): string {
  const at = mail.lastIndexOf('@');
  return at < 1 ? '***' : `${mail.slice(0, 1)}***${mail.slice(at)}`;
}

/** What is known of a recipient; sealed as one JSON object in `recipients.contact_sealed`. */
export interface Contact {
  /** As written. */
  readonly name: string | null;
  readonly kana: string | null;
  /** E.164. */
  readonly phone: string | null;
  readonly mail: string | null;
}

/** A name for a screen that others may see: the family name, the rest hidden (高橋 ＊＊). */
export function maskName(name: string): string {
  const [family = '', ...rest] = name.trim().split(/\s+/);
  if (rest.length > 0) return `${family} ＊＊`;
  // Written in one: most family names have two characters, and of a short name only the first is shown.
  const letters = [...family];
  return `${letters.slice(0, letters.length > 3 ? 2 : 1).join('')}＊＊`;
}

/** A contact as it is shown to who has not asked for the whole. */
export interface MaskedContact {
  readonly name: string | null;
  readonly phone: string | null;
  readonly mail: string | null;
}

/** Hides all but what tells one person from the next. */
export function maskContact({ name, phone, mail }: Contact): MaskedContact {
  return { name: name && maskName(name), phone: phone && maskPhone(phone), mail: mail && maskMail(mail) };
}

/** Where a contact is sealed for. */
export const CONTACT_PLACE = 'recipients.contact';

/** A recipient's row as far as its contact goes. */
export interface ContactRow {
  readonly id: string;
  readonly contact_sealed: Buffer;
  readonly contact_key_id: string;
}

/** What opens a sealed text. */
export interface Opener {
  open(place: string, rowId: string, sealed: Buffer, keyId: string): string;
}

/** Opens a contact. @throws when anything was changed or moved */
export function openContact(crypto: Opener, row: ContactRow): Contact {
  return JSON.parse(crypto.open(CONTACT_PLACE, row.id, row.contact_sealed, row.contact_key_id)) as Contact;
}

/** The same for a page, which says that it cannot be read. */
export function tryOpenContact(crypto: Opener, row: ContactRow): Contact | null {
  try {
    return openContact(crypto, row);
  } catch {
    return null;
  }
}

/** Where the app's contact of a coupon is sealed for. */
export const APP_CONTACT_PLACE = 'coupons.contact';

/** What the app knows of a coupon's holder. */
export type AppContact = Pick<Contact, 'phone' | 'mail'>;

/** Opens it. @throws when anything was changed or moved */
export function openAppContact(crypto: Opener, row: ContactRow): AppContact {
  return JSON.parse(crypto.open(APP_CONTACT_PLACE, row.id, row.contact_sealed, row.contact_key_id)) as AppContact;
}

/** The same for a page, masked; null when it cannot be read. */
export function maskedAppContact(crypto: Opener, row: ContactRow): MaskedContact | null {
  try {
    return maskContact({ name: null, kana: null, ...openAppContact(crypto, row) });
  } catch {
    return null;
  }
}
