import { type Contact, hasControlCharacters, readMail, readPhone } from './contact';
import { INQUIRY_NUMBER, identifier, type Layout, type ProblemText, RECORD_PROBLEMS, type RecordJudge, recordJudge } from './row-file';
import { readYen, type Yen } from './yen';

/**
 * The rules for one record of a grants file: what is accepted, and every way in which it is not. Pure; reading
 * the file, looking into the database and writing are the import's.
 */

/** The columns of a grants file by their headings. The order is free. */
export const GRANT_COLUMNS = {
  number: '付与番号',
  inquiry: 'お問合せ番号',
  name: '氏名',
  kana: 'フリガナ',
  phone: '電話番号',
  mail: 'メールアドレス',
  residual: '残額',
  channel: '送付方法',
} as const;
export type GrantColumn = keyof typeof GRANT_COLUMNS;

/** Every problem a record can have. docs/formats.md lists the same table. */
export const GRANT_PROBLEMS = {
  ...RECORD_PROBLEMS,
  number_missing: { column: 'number', ja: '付与番号がありません', en: 'the grant number is missing' },
  number_malformed: {
    column: 'number',
    ja: '付与番号は英数字・ハイフン・下線40文字以内です',
    en: 'a grant number is at most 40 letters, digits and hyphens',
  },
  number_twice: { column: 'number', ja: '付与番号がこのファイルで2回使われています', en: 'the grant number is used twice in this file' },
  number_exists: { column: 'number', ja: '付与番号はすでに登録されています', en: 'the grant number is already in the campaign' },
  inquiry_malformed: {
    column: 'inquiry',
    ja: 'お問合せ番号は英数字とハイフン30文字以内です',
    en: 'an inquiry number is at most 30 letters, digits and hyphens',
  },
  name_malformed: {
    column: 'name',
    ja: '氏名に改行などの制御文字があるか、100文字を超えています',
    en: 'the name has control characters or is above 100 characters',
  },
  kana_malformed: {
    column: 'kana',
    ja: 'フリガナに改行などの制御文字があるか、100文字を超えています',
    en: 'the reading has control characters or is above 100 characters',
  },
  phone_missing: { column: 'phone', ja: 'SMSで送るための電話番号がありません', en: 'SMS is chosen but there is no telephone number' },
  phone_malformed: { column: 'phone', ja: '電話番号として読み取れません', en: 'this is not a Japanese telephone number' },
  phone_landline: { column: 'phone', ja: '固定電話などにはSMSを送れません', en: 'SMS is chosen but the number is not a mobile one' },
  mail_missing: { column: 'mail', ja: 'メールで送るためのメールアドレスがありません', en: 'mail is chosen but there is no mail address' },
  mail_malformed: { column: 'mail', ja: 'メールアドレスとして正しくありません', en: 'this is not a mail address' },
  residual_missing: { column: 'residual', ja: '残額がありません', en: 'the residual is missing' },
  residual_not_a_number: { column: 'residual', ja: '残額を数として読み取れません', en: 'the residual is not a plain number' },
  residual_fraction: { column: 'residual', ja: '残額に小数があります', en: 'yen have no fraction' },
  residual_negative: { column: 'residual', ja: '残額がマイナスです', en: 'the residual is negative' },
  coupon_taken: {
    column: 'inquiry',
    ja: 'このクーポンの残額は確定済みです。名簿で付与すると二重になります',
    en: 'the cut-off has taken what was left on this coupon: a grant by a list would pay it twice',
  },
  residual_zero: { column: 'residual', ja: '残額は1円以上です', en: 'the residual must be at least 1 yen' },
  residual_too_large: {
    column: 'residual',
    ja: '残額がこの事業の1件あたりの上限を超えています',
    en: "the residual is above the programme's ceiling per grant",
  },
  channel_missing: { column: 'channel', ja: '送付方法がありません', en: 'the way of sending is missing' },
  channel_unknown: { column: 'channel', ja: '送付方法は「SMS」か「メール」です', en: 'the way of sending is SMS or メール' },
} as const satisfies Record<string, ProblemText<GrantColumn>>;
export type GrantProblem = keyof typeof GRANT_PROBLEMS;

/** A record that can become a grant. */
export interface GrantRow {
  readonly number: string;
  readonly inquiryNumber: string | null;
  readonly contact: Contact;
  readonly yen: Yen;
  readonly channel: 'mail' | 'sms';
}

/**
 * Makes a judge for one file; it remembers the numbers it has seen.
 * @param ceilingYen the most that one grant of the programme may hold
 */
export function grantJudge(layout: Layout<GrantColumn>, ceilingYen: Yen): RecordJudge<GrantRow, GrantProblem> {
  return recordJudge<GrantColumn, GrantRow, GrantProblem>(layout, (cell, problems) => readRecord(cell, ceilingYen, problems));
}

const NUMBER = /^[A-Za-z0-9][A-Za-z0-9_-]{0,39}$/;
const LONGEST_NAME = 100;

function readRecord(cell: (column: GrantColumn) => string, ceilingYen: Yen, problems: GrantProblem[]): GrantRow {
  const number = readNumber(cell('number'), problems);
  const channel = readChannel(cell('channel'), problems);
  const contact = {
    name: readText(cell('name'), 'name_malformed', problems),
    kana: readText(cell('kana'), 'kana_malformed', problems),
    phone: readPhoneCell(cell('phone'), channel, problems),
    mail: readMailCell(cell('mail'), channel, problems),
  };
  const inquiry = identifier(cell('inquiry'));
  if (inquiry !== '' && !INQUIRY_NUMBER.test(inquiry)) problems.push('inquiry_malformed');
  const yen = readResidual(cell('residual'), ceilingYen, problems);
  return { number, inquiryNumber: inquiry || null, contact, yen, channel: channel ?? 'mail' };
}

function readNumber(text: string, problems: GrantProblem[]): string {
  const number = identifier(text);
  if (number === '') problems.push('number_missing');
  else if (!NUMBER.test(number)) problems.push('number_malformed');
  return number;
}

function readText(text: string, problem: 'name_malformed' | 'kana_malformed', problems: GrantProblem[]): string | null {
  if (hasControlCharacters(text) || text.length > LONGEST_NAME) problems.push(problem);
  return text.trim() || null;
}

function readPhoneCell(text: string, channel: GrantRow['channel'] | null, problems: GrantProblem[]): string | null {
  if (text === '' || text.trim() === '') {
    if (channel === 'sms') problems.push('phone_missing');
    return null;
  }
  const phone = readPhone(text);
  if (!phone) problems.push('phone_malformed');
  else if (channel === 'sms' && phone.kind !== 'mobile') problems.push('phone_landline');
  return phone?.e164 ?? null;
}

function readMailCell(text: string, channel: GrantRow['channel'] | null, problems: GrantProblem[]): string | null {
  if (text === '' || text.trim() === '') {
    if (channel === 'mail') problems.push('mail_missing');
    return null;
  }
  const mail = readMail(text);
  if (!mail) problems.push('mail_malformed');
  return mail;
}

function readChannel(text: string, problems: GrantProblem[]): GrantRow['channel'] | null {
  const plain = text.normalize('NFKC').trim();
  if (plain === 'メール') return 'mail';
  if (plain.toUpperCase() === 'SMS') return 'sms';
  problems.push(plain === '' ? 'channel_missing' : 'channel_unknown');
  return null;
}

function readResidual(text: string, ceilingYen: Yen, problems: GrantProblem[]): Yen {
  const read = readYen(text);
  if (read.ok && read.yen <= ceilingYen) return read.yen;
  problems.push(`residual_${read.ok ? 'too_large' : read.problem}`);
  return 0n;
}
