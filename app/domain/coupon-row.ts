import { hasControlCharacters, readMail, readPhone } from './contact';
import { exclusiveEnd, japanDay, readWrittenTime } from './japan-time';
import { INQUIRY_NUMBER, identifier, type Layout, type ProblemText, RECORD_PROBLEMS, type RecordJudge, recordJudge } from './row-file';
import { readYen, type Yen } from './yen';

/** The rules for one record of a register of coupons. Pure. */

/** The columns of a coupons file by their headings. The order is free. */
export const COUPON_COLUMNS = {
  number: 'お問合せ番号',
  prefecture: '都道府県',
  issuer: '発行施設',
  face: '額面',
  balance: '残高',
  valid: '有効期限',
  app: 'アプリ登録',
  phone: 'アプリ電話番号',
  mail: 'アプリメールアドレス',
  left: '退会日',
} as const;
export type CouponColumn = keyof typeof COUPON_COLUMNS;

/** Every problem a record can have. docs/formats.md lists the same table. */
export const COUPON_PROBLEMS = {
  ...RECORD_PROBLEMS,
  number_missing: { column: 'number', ja: 'お問合せ番号がありません', en: 'the inquiry number is missing' },
  number_malformed: {
    column: 'number',
    ja: 'お問合せ番号は英数字とハイフン30文字以内です',
    en: 'an inquiry number is at most 30 letters, digits and hyphens',
  },
  number_twice: {
    column: 'number',
    ja: 'お問合せ番号がこのファイルで2回使われています',
    en: 'the inquiry number is used twice in this file',
  },
  prefecture_malformed: {
    column: 'prefecture',
    ja: '都道府県に制御文字があるか、20文字を超えています',
    en: 'the prefecture has control characters or is above 20 characters',
  },
  issuer_malformed: {
    column: 'issuer',
    ja: '発行施設に制御文字があるか、100文字を超えています',
    en: 'the issuer has control characters or is above 100 characters',
  },
  face_missing: { column: 'face', ja: '額面がありません', en: 'the face value is missing' },
  face_not_a_number: { column: 'face', ja: '額面を数として読み取れません', en: 'the face value is not a plain number' },
  face_fraction: { column: 'face', ja: '額面に小数があります', en: 'yen have no fraction' },
  face_negative: { column: 'face', ja: '額面がマイナスです', en: 'the face value is negative' },
  face_zero: { column: 'face', ja: '額面は1円以上です', en: 'the face value must be at least 1 yen' },
  face_too_large: {
    column: 'face',
    ja: '額面がこの事業の1件あたりの上限を超えています',
    en: "the face value is above the programme's ceiling per grant",
  },
  balance_missing: { column: 'balance', ja: '残高がありません', en: 'the balance is missing' },
  balance_not_a_number: { column: 'balance', ja: '残高を数として読み取れません', en: 'the balance is not a plain number' },
  balance_fraction: { column: 'balance', ja: '残高に小数があります', en: 'yen have no fraction' },
  balance_negative: { column: 'balance', ja: '残高がマイナスです', en: 'the balance is negative' },
  balance_above_face: { column: 'balance', ja: '残高が額面を超えています', en: 'the balance is above the face value' },
  valid_missing: { column: 'valid', ja: '有効期限がありません', en: 'the validity is missing' },
  valid_malformed: { column: 'valid', ja: '有効期限を日時として読み取れません', en: 'the validity is not a date and time' },
  app_missing: { column: 'app', ja: 'アプリ登録がありません', en: 'whether it is in the app is missing' },
  app_unknown: { column: 'app', ja: 'アプリ登録は「有」か「無」です', en: 'whether it is in the app is 有 or 無' },
  contact_missing: {
    column: 'phone',
    ja: 'アプリ登録が「有」なのに電話番号もメールアドレスもありません',
    en: 'it is in the app but has neither telephone number nor mail address',
  },
  contact_unexpected: {
    column: 'app',
    ja: 'アプリ登録が「無」なのに連絡先か退会日があります',
    en: 'it is not in the app but has a contact or a day of leaving',
  },
  phone_malformed: { column: 'phone', ja: '電話番号として読み取れません', en: 'this is not a Japanese telephone number' },
  phone_landline: {
    column: 'phone',
    ja: '固定電話などにはSMSを送れず、メールアドレスもありません',
    en: 'the number is not a mobile one and there is no mail address',
  },
  mail_malformed: { column: 'mail', ja: 'メールアドレスとして正しくありません', en: 'this is not a mail address' },
  left_malformed: { column: 'left', ja: '退会日を日付として読み取れません', en: 'the day of leaving is not a date' },
} as const satisfies Record<string, ProblemText<CouponColumn>>;
export type CouponProblem = keyof typeof COUPON_PROBLEMS;

/** A coupon as its file has it. */
export interface CouponRow {
  readonly number: string;
  readonly prefecture: string;
  readonly issuer: string;
  readonly faceYen: Yen;
  readonly balanceYen: Yen;
  /** Exclusive instant. */
  readonly validUntil: Date;
  readonly inApp: boolean;
  readonly phone: string | null;
  readonly mail: string | null;
  /** YYYY-MM-DD. */
  readonly leftOn: string | null;
}

/**
 * Makes a judge for one file; it remembers the numbers it has seen, as claims and calls name them: without hyphens and case.
 * @param ceilingYen the most that one grant of the programme may hold
 */
export function couponJudge(layout: Layout<CouponColumn>, ceilingYen: Yen): RecordJudge<CouponRow, CouponProblem> {
  return recordJudge<CouponColumn, CouponRow, CouponProblem>(
    layout,
    (cell, problems) => readRecord(cell, ceilingYen, problems),
    (number) => number.replaceAll('-', '').toUpperCase(),
  );
}

function readRecord(cell: (column: CouponColumn) => string, ceilingYen: Yen, problems: CouponProblem[]): CouponRow {
  const number = identifier(cell('number'));
  if (number === '') problems.push('number_missing');
  else if (!INQUIRY_NUMBER.test(number)) problems.push('number_malformed');
  const prefecture = readText(cell('prefecture'), 20, 'prefecture_malformed', problems);
  const issuer = readText(cell('issuer'), 100, 'issuer_malformed', problems);
  const faceYen = readFace(cell('face'), ceilingYen, problems);
  const balanceYen = readBalance(cell('balance'), faceYen, problems);
  const validUntil = readValid(cell('valid'), problems);
  return { number, prefecture, issuer, faceYen, balanceYen, validUntil, ...readApp(cell, problems) };
}

function readText(text: string, longest: number, problem: CouponProblem, problems: CouponProblem[]): string {
  if (hasControlCharacters(text) || text.length > longest) problems.push(problem);
  return text.trim();
}

function readFace(text: string, ceilingYen: Yen, problems: CouponProblem[]): Yen {
  const read = readYen(text);
  if (read.ok && read.yen <= ceilingYen) return read.yen;
  problems.push(`face_${read.ok ? 'too_large' : read.problem}`);
  return 0n;
}

function readBalance(text: string, faceYen: Yen, problems: CouponProblem[]): Yen {
  const read = readYen(text);
  if (read.ok) {
    if (faceYen > 0n && read.yen > faceYen) problems.push('balance_above_face');
    return read.yen;
  }
  // Wholly spent.
  if (read.problem === 'zero') return 0n;
  problems.push(read.problem === 'too_large' ? 'balance_above_face' : `balance_${read.problem}`);
  return 0n;
}

function readValid(text: string, problems: CouponProblem[]): Date {
  const read = readWrittenTime(text);
  if (read) return exclusiveEnd(read);
  problems.push(text.trim() === '' ? 'valid_missing' : 'valid_malformed');
  return new Date(0);
}

type AppPart = Pick<CouponRow, 'inApp' | 'phone' | 'mail' | 'leftOn'>;

function readApp(cell: (column: CouponColumn) => string, problems: CouponProblem[]): AppPart {
  const inApp = readInApp(cell('app'), problems);
  const [phone, mail] = [readPhoneCell(cell('phone'), problems), readMailCell(cell('mail'), problems)];
  const leftOn = readLeft(cell('left'), problems);
  const filled = (['phone', 'mail'] as const).filter((column) => cell(column).trim() !== '').length;
  if (inApp === true && filled === 0) problems.push('contact_missing');
  if (inApp === false && (filled > 0 || cell('left').trim() !== '')) problems.push('contact_unexpected');
  if (phone?.kind === 'landline' && mail === null) problems.push('phone_landline');
  return { inApp: inApp ?? false, phone: phone?.e164 ?? null, mail, leftOn };
}

function readInApp(text: string, problems: CouponProblem[]): boolean | null {
  const plain = text.normalize('NFKC').trim();
  if (plain === '有') return true;
  if (plain === '無') return false;
  problems.push(plain === '' ? 'app_missing' : 'app_unknown');
  return null;
}

function readPhoneCell(text: string, problems: CouponProblem[]): ReturnType<typeof readPhone> {
  if (text.trim() === '') return null;
  const phone = readPhone(text);
  if (!phone) problems.push('phone_malformed');
  return phone;
}

function readMailCell(text: string, problems: CouponProblem[]): string | null {
  if (text.trim() === '') return null;
  const mail = readMail(text);
  if (!mail) problems.push('mail_malformed');
  return mail;
}

function readLeft(text: string, problems: CouponProblem[]): string | null {
  if (text.trim() === '') return null;
  const read = readWrittenTime(text);
  if (!read) problems.push('left_malformed');
  return read ? japanDay(read.at) : null;
}
