import { hasControlCharacters, type Opener, readAnyPhone, readMail } from './contact';
import { INQUIRY_NUMBER } from './row-file';

/** The most coupons that one claim may name. */
export const CLAIM_COUPONS_MOST = 20;

/** What an applicant typed, as it was typed. */
export interface TypedClaim {
  readonly name: string;
  readonly kana: string;
  readonly postal: string;
  readonly address: string;
  readonly phone: string;
  readonly mail: string;
  readonly numbers: readonly string[];
}

/** The same put right. Sealed as one JSON object in `claims.details_sealed`. */
export interface ClaimDetails {
  readonly name: string;
  readonly kana: string | null;
  /** Seven digits. */
  readonly postal: string;
  readonly address: string;
  /** E.164. */
  readonly phone: string;
  readonly mail: string;
  readonly numbers: readonly string[];
}

/** The fields in the order of the form. */
export const CLAIM_FIELDS = ['name', 'kana', 'postal', 'address', 'phone', 'mail', 'numbers'] as const;
export type ClaimField = (typeof CLAIM_FIELDS)[number];
export type ClaimProblem = 'missing' | 'malformed' | 'too_long' | 'twice';
export interface ClaimError {
  readonly field: ClaimField;
  readonly problem: ClaimProblem;
  /** Which of the inquiry numbers. */
  readonly row?: number;
}

export const EMPTY_CLAIM: TypedClaim = { name: '', kana: '', postal: '', address: '', phone: '', mail: '', numbers: [''] };

/** Whether fewer of the questions are answered here than there. */
export function isLessThan(typed: TypedClaim, other: TypedClaim): boolean {
  const answers = ({ numbers, ...rest }: TypedClaim) => [...Object.values(rest), ...numbers].filter((text) => text.trim() !== '').length;
  return answers(typed) < answers(other);
}

/** What was read, as if somebody had typed it so. */
export function asTyped(details: ClaimDetails): TypedClaim {
  return { ...details, kana: details.kana ?? '' };
}

const HYPHENS = /[\s\-‐‑‒–—―−ー]/g;
const NAME_LONGEST = 80;
const ADDRESS_LONGEST = 200;

/**
 * Puts right what people write in other ways (full and half width, kana, hyphens, spaces) and says what cannot be
 * read. Nothing is refused for its width.
 */
export function readClaim(
  typed: TypedClaim,
): { readonly ok: true; readonly details: ClaimDetails } | { readonly ok: false; readonly errors: readonly ClaimError[] } {
  const errors: ClaimError[] = [];
  const name = words(typed.name, 'name', NAME_LONGEST, errors);
  const kana = readKana(typed.kana, errors);
  const postal = read(typed.postal, 'postal', readPostal, errors);
  const address = words(typed.address, 'address', ADDRESS_LONGEST, errors);
  const phone = read(typed.phone, 'phone', readAnyPhone, errors);
  const mail = read(typed.mail, 'mail', readMail, errors);
  const numbers = readNumbers(typed.numbers, errors);
  if (errors.length > 0) return { ok: false, errors };
  return { ok: true, details: { name, kana, postal, address, phone, mail, numbers } };
}

/** A postal code as seven digits, however it was written; null when it is none. */
export function readPostal(text: string): string | null {
  const digits = text.normalize('NFKC').replace(/〒/g, '').replace(HYPHENS, '');
  return /^\d{7}$/.test(digits) ? digits : null;
}

/** An address with what its postal code says before it; one that has its city already stays as it was typed. */
export function withTown(address: string, town: { readonly begins: string; readonly city: string }): string {
  return address.normalize('NFKC').includes(town.city) ? address : `${town.begins}${address.trim()}`;
}

/** An inquiry number as it is compared: one width, capitals, without spaces and hyphens of any kind. */
export function normaliseInquiry(text: string): string {
  return text.normalize('NFKC').replace(HYPHENS, '').toUpperCase();
}

function words(text: string, field: ClaimField, longest: number, errors: ClaimError[]): string {
  const plain = text.normalize('NFC').replace(/\s+/g, ' ').trim();
  if (plain === '') errors.push({ field, problem: 'missing' });
  else if ([...plain].length > longest) errors.push({ field, problem: 'too_long' });
  else if (hasControlCharacters(plain)) errors.push({ field, problem: 'malformed' });
  return plain;
}

function readKana(text: string, errors: ClaimError[]): string | null {
  const plain = text
    .normalize('NFKC')
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/[ぁ-ゖ]/g, (kana) => String.fromCharCode(kana.charCodeAt(0) + 0x60));
  if (plain === '') return null;
  if ([...plain].length > NAME_LONGEST) errors.push({ field: 'kana', problem: 'too_long' });
  // People from abroad write their name in letters here too.
  else if (!/^[ァ-ヺー・A-Za-z .'-]+$/.test(plain)) errors.push({ field: 'kana', problem: 'malformed' });
  return plain;
}

function read(text: string, field: ClaimField, reader: (text: string) => string | null, errors: ClaimError[]): string {
  const plain = text.trim();
  if (plain === '') {
    errors.push({ field, problem: 'missing' });
    return '';
  }
  const value = reader(plain);
  if (value === null) errors.push({ field, problem: 'malformed' });
  return value ?? '';
}

function readNumbers(typed: readonly string[], errors: ClaimError[]): string[] {
  const numbers: string[] = [];
  typed.slice(0, CLAIM_COUPONS_MOST).forEach((text, row) => {
    const number = normaliseInquiry(text);
    if (number === '') return;
    if (!INQUIRY_NUMBER.test(number)) errors.push({ field: 'numbers', problem: 'malformed', row });
    else if (numbers.includes(number)) errors.push({ field: 'numbers', problem: 'twice', row });
    else numbers.push(number);
  });
  if (numbers.length === 0 && !errors.some(({ field }) => field === 'numbers'))
    errors.push({ field: 'numbers', problem: 'missing', row: 0 });
  return numbers;
}

/** Where what is being typed is sealed for. */
export const CLAIM_DRAFT_PLACE = 'claim_drafts.typed';

/** What was typed so far; null when it cannot be read any more. */
export function tryOpenClaimDraft(
  crypto: Opener,
  row: { readonly id: string; readonly typed_sealed: Buffer; readonly typed_key_id: string },
): TypedClaim | null {
  try {
    const typed = JSON.parse(crypto.open(CLAIM_DRAFT_PLACE, row.id, row.typed_sealed, row.typed_key_id)) as TypedClaim;
    return { ...EMPTY_CLAIM, ...typed };
  } catch {
    return null;
  }
}

/** Where what an applicant said is sealed for. */
export const CLAIM_DETAILS_PLACE = 'claims.details';

/** What an applicant said. @throws when anything was changed or moved */
export function openClaimDetails(
  crypto: Opener,
  { id, detailsSealed, detailsKeyId }: { readonly id: string; readonly detailsSealed: Buffer; readonly detailsKeyId: string },
): ClaimDetails {
  return JSON.parse(crypto.open(CLAIM_DETAILS_PLACE, id, detailsSealed, detailsKeyId)) as ClaimDetails;
}
