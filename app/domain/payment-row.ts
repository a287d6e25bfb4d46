import { hasControlCharacters } from './contact';
import { readWrittenTime } from './japan-time';
import { INQUIRY_NUMBER, identifier, type Layout, type ProblemText, RECORD_PROBLEMS, type RecordJudge, recordJudge } from './row-file';
import { readYen, type Yen } from './yen';

/** The rules for one record of a file of payments. Pure; what the register alone knows is found by the import. */

/** The columns of a payments file by their headings. The order is free. */
export const PAYMENT_COLUMNS = {
  number: '決済番号',
  inquiry: 'お問合せ番号',
  shop: '店舗',
  amount: '金額',
  paid: '決済日時',
  result: '結果',
} as const;
export type PaymentColumn = keyof typeof PAYMENT_COLUMNS;

/** What came of pressing the button, by the file's word. */
export const PAYMENT_OUTCOMES = {
  /** The shop was told yes; the balance was taken. */
  成功: 'paid',
  /** Nothing was taken. */
  タイムアウト: 'timed_out',
  /** Nobody was told anything; the balance was taken all the same. */
  応答なし: 'unanswered',
} as const;
export type PaymentOutcome = (typeof PAYMENT_OUTCOMES)[keyof typeof PAYMENT_OUTCOMES];

/** Every problem a record can have. docs/formats.md lists the same table. */
export const PAYMENT_PROBLEMS = {
  ...RECORD_PROBLEMS,
  number_missing: { column: 'number', ja: '決済番号がありません', en: 'the payment number is missing' },
  number_malformed: {
    column: 'number',
    ja: '決済番号は英数字・ハイフン・下線40文字以内です',
    en: 'a payment number is at most 40 letters, digits, hyphens and underscores',
  },
  number_twice: { column: 'number', ja: '決済番号がこのファイルで2回使われています', en: 'the payment number is used twice in this file' },
  number_exists: { column: 'number', ja: '決済番号はすでに登録されています', en: 'the payment was imported already' },
  inquiry_missing: { column: 'inquiry', ja: 'お問合せ番号がありません', en: 'the inquiry number is missing' },
  inquiry_malformed: {
    column: 'inquiry',
    ja: 'お問合せ番号は英数字とハイフン30文字以内です',
    en: 'an inquiry number is at most 30 letters, digits and hyphens',
  },
  coupon_unknown: { column: 'inquiry', ja: 'このお問合せ番号のクーポンは登録されていません', en: 'there is no coupon of this number' },
  shop_malformed: {
    column: 'shop',
    ja: '店舗に制御文字があるか、100文字を超えています',
    en: 'the shop has control characters or is above 100 characters',
  },
  amount_missing: { column: 'amount', ja: '金額がありません', en: 'the amount is missing' },
  amount_not_a_number: { column: 'amount', ja: '金額を数として読み取れません', en: 'the amount is not a plain number' },
  amount_fraction: { column: 'amount', ja: '金額に小数があります', en: 'yen have no fraction' },
  amount_negative: { column: 'amount', ja: '金額がマイナスです', en: 'the amount is negative' },
  amount_zero: { column: 'amount', ja: '金額は1円以上です', en: 'the amount must be at least 1 yen' },
  amount_too_large: { column: 'amount', ja: '金額が大きすぎます', en: 'the amount is too large' },
  above_remaining: {
    column: 'amount',
    ja: 'この決済まででクーポンの残高を超えます',
    en: 'with this payment more is spent than was left on the coupon',
  },
  behind_refused: {
    column: 'amount',
    ja: '同じクーポンの前の決済が残高を超えて断られたため、この決済も取り込めません。前の決済を直すと、取り込めることがあります',
    en: 'an earlier payment of this coupon was refused as above what was left, and this one depends on it; it may fit once that one is put right',
  },
  paid_missing: { column: 'paid', ja: '決済日時がありません', en: 'the time of payment is missing' },
  paid_malformed: { column: 'paid', ja: '決済日時を日時として読み取れません', en: 'the time of payment is not a date and time' },
  paid_in_future: { column: 'paid', ja: '決済日時が未来です', en: 'the time of payment is still to come' },
  result_missing: { column: 'result', ja: '結果がありません', en: 'the result is missing' },
  result_unknown: {
    column: 'result',
    ja: '結果は「成功」「タイムアウト」「応答なし」のどれかです',
    en: 'the result is 成功, タイムアウト or 応答なし',
  },
} as const satisfies Record<string, ProblemText<PaymentColumn>>;
export type PaymentProblem = keyof typeof PAYMENT_PROBLEMS;

/** A payment as its file has it. */
export interface PaymentRow {
  readonly number: string;
  readonly inquiryNumber: string;
  readonly shop: string;
  readonly yen: Yen;
  readonly paidAt: Date;
  readonly outcome: PaymentOutcome;
}

/** Whether a payment took yen off its coupon, whatever anybody was told. */
export function tookBalance(outcome: PaymentOutcome): boolean {
  return outcome !== 'timed_out';
}

const NUMBER = /^[A-Za-z0-9][A-Za-z0-9_-]{0,39}$/;

/**
 * Makes a judge for one file; it remembers the numbers it has seen.
 * @param now a payment after it is still to come
 */
export function paymentJudge(layout: Layout<PaymentColumn>, now: Date): RecordJudge<PaymentRow, PaymentProblem> {
  return recordJudge<PaymentColumn, PaymentRow, PaymentProblem>(layout, (cell, problems) => readRecord(cell, now, problems));
}

function readRecord(cell: (column: PaymentColumn) => string, now: Date, problems: PaymentProblem[]): PaymentRow {
  const number = identifier(cell('number'));
  if (number === '') problems.push('number_missing');
  else if (!NUMBER.test(number)) problems.push('number_malformed');
  const inquiryNumber = identifier(cell('inquiry'));
  if (inquiryNumber === '') problems.push('inquiry_missing');
  else if (!INQUIRY_NUMBER.test(inquiryNumber)) problems.push('inquiry_malformed');
  const shop = cell('shop');
  if (hasControlCharacters(shop) || shop.length > 100) problems.push('shop_malformed');
  const yen = readYen(cell('amount'));
  if (!yen.ok) problems.push(`amount_${yen.problem}`);
  return {
    number,
    inquiryNumber,
    shop: shop.normalize('NFKC').trim(),
    yen: yen.ok ? yen.yen : 0n,
    paidAt: readPaidAt(cell('paid'), now, problems),
    outcome: readOutcome(cell('result'), problems),
  };
}

function readPaidAt(text: string, now: Date, problems: PaymentProblem[]): Date {
  const read = readWrittenTime(text);
  if (!read || read.precision === 'day') problems.push(text.trim() === '' ? 'paid_missing' : 'paid_malformed');
  else if (read.at > now) problems.push('paid_in_future');
  return read?.at ?? now;
}

function readOutcome(text: string, problems: PaymentProblem[]): PaymentOutcome {
  const plain = text.normalize('NFKC').trim();
  if (Object.hasOwn(PAYMENT_OUTCOMES, plain)) return PAYMENT_OUTCOMES[plain as keyof typeof PAYMENT_OUTCOMES];
  problems.push(plain === '' ? 'result_missing' : 'result_unknown');
  return 'timed_out';
}
