import fs from 'node:fs';
import path from 'node:path';
import { parse } from 'csv-parse/sync';
import { COUPON_COLUMNS } from '~/domain/coupon-row';
import { GRANT_COLUMNS } from '~/domain/grant-row';
import { PAYMENT_COLUMNS } from '~/domain/payment-row';

/**
 * The register of coupons of the demo's programme, the same every time: a coupon for each of the listed grants, and
 * those of whom the cut-off, the claims and the cases are about. Nobody here exists.
 */
const FOLDER = path.resolve(import.meta.dirname, '../../db/programmes/kumamoto-2023');
const LISTS = ['demo-situations.csv', 'grants-app.csv'];

const PREFECTURE = '熊本県';
const COVERED = '2023-02-24T23:59:59+09:00';
const ISSUERS = ['ホテル火の国', '旅行社くまもと駅前店', '阿蘇の湯 山荘', '天草シーサイドホテル', '人吉温泉旅館 球磨の里'] as const;
const SHOPS = ['黒川温泉観光案内所', '人吉温泉売店', '阿蘇物産館', '桜町土産処', '天草海鮮食堂', '熊本城前茶屋'] as const;
/** Faces of coupons as hotels and agencies gave them out. */
const FACES = [1_000, 2_000, 3_000, 2_000, 5_000] as const;

export interface Coupon {
  readonly number: string;
  readonly issuer: string;
  readonly faceYen: number;
  /** What the payments of the failure's evening and before left. */
  readonly balanceYen: number;
  /** As it is written in a file. */
  readonly valid: string;
  readonly phone: string;
  readonly mail: string;
  /** When its holder left the app. */
  readonly left: string;
}

export interface Payment {
  readonly number: string;
  readonly coupon: string;
  readonly shop: string;
  readonly yen: number;
  readonly at: string;
  readonly outcome: '成功' | '応答なし' | 'タイムアウト';
}

/** A coupon with its payments. */
export interface Held extends Coupon {
  readonly payments: readonly Payment[];
}

export interface DemoRegister {
  /** Of the grants that came as a list: the person of each bought with the coupon's app. */
  readonly listed: readonly Held[];
  /** Of persons whom the app can reach; some hold two. */
  readonly app: readonly Held[];
  /** In nobody's app: these wait for a claim. */
  readonly free: readonly Held[];
  /** Nothing was left on them. */
  readonly spent: readonly Held[];
  /** Valid before the failure or after it: the cut-off does not take them. */
  readonly outside: readonly Held[];
  /** Their holders left the app. */
  readonly left: readonly Held[];
  /** B(1): nobody was told anything, and the balance was taken. The even ones are in the app. */
  readonly unanswered: readonly Held[];
  /** B(2): pressed again, and charged again. The even ones are in the app. */
  readonly repeated: readonly Held[];
  /** What was bought with extended coupons in March. */
  readonly later: readonly Payment[];
}

/** Whose page has everything: a coupon in the app, one that was claimed, one charged twice. */
export const EVERYTHING = { name: '岩下 みどり', kana: 'イワシタ ミドリ', phone: '090-0000-9001', mail: 'midori@example.jp' } as const;

/** Makes it up, from the lists of grants and from counting. */
export function makeRegister(): DemoRegister {
  const next = numbers();
  const many = (count: number, make: (n: number) => Omit<Coupon, 'number'> & { pays?: readonly Paid[] }): Held[] =>
    Array.from({ length: count }, (_, n) => hold(next(), make(n)));
  const app = many(60, (n) => ({ ...plain(n), ...(n === 0 ? reach(EVERYTHING) : contact(n % 6 === 5 ? n - 1 : n)) }));
  return {
    listed: LISTS.flatMap((file) => readList(file)).map(({ number, ...own }) => hold(number, own)),
    app,
    free: many(120, (n) => ({ ...plain(n), ...NOBODY })),
    spent: many(20, (n) => ({ ...plain(n), ...NOBODY, balanceYen: 0, pays: [usual(n, FACES[n % FACES.length] ?? 1_000)] })),
    outside: many(20, (n) => ({
      ...plain(n),
      ...NOBODY,
      valid: n % 2 === 0 ? '2023-02-10T23:59:59+09:00' : '2023-03-20T23:59:59+09:00',
    })),
    left: many(6, (n) => ({ ...plain(n), ...contact(200 + n), left: `2023-03-0${1 + n}` })),
    unanswered: many(14, (n) => ({
      ...inFailure(5_000 - paysOf(n)),
      ...holder(n, 300),
      issuer: ISSUERS[n % ISSUERS.length] ?? ISSUERS[0],
      pays: [{ at: failureAt(n), yen: paysOf(n), shop: SHOPS[n % SHOPS.length] ?? SHOPS[0], outcome: '応答なし' as const }],
    })),
    repeated: many(14, (n) => ({
      ...inFailure(5_000 - 2 * paysOf(n)),
      ...(n === 0 ? reach(EVERYTHING) : holder(n, 400)),
      issuer: ISSUERS[(n + 2) % ISSUERS.length] ?? ISSUERS[0],
      pays: [0, 4].map((minutes) => ({
        at: failureAt(n, minutes),
        yen: paysOf(n),
        shop: SHOPS[(n + 3) % SHOPS.length] ?? SHOPS[0],
        outcome: '成功' as const,
      })),
    })),
    later: app
      .filter(({ balanceYen }) => balanceYen >= 1_000)
      .slice(0, 12)
      .map(({ number }, n) => ({
        number: `L${String(n + 1).padStart(6, '0')}`,
        coupon: number,
        shop: SHOPS[n % SHOPS.length] ?? SHOPS[0],
        yen: 180 + 45 * n,
        at: `2023-03-${10 + (n % 9)}T1${n % 8}:2${n % 10}:00+09:00`,
        outcome: '成功' as const,
      })),
  };
}

/** All coupons of a register. */
export function allCoupons({ listed, app, free, spent, outside, left, unanswered, repeated }: DemoRegister): Held[] {
  return [...listed, ...app, ...free, ...spent, ...outside, ...left, ...unanswered, ...repeated];
}

type Paid = Omit<Payment, 'number' | 'coupon'>;

const NOBODY = { phone: '', mail: '', left: '' } as const;

/** Payments are named by their coupon, so that each is told from all others. */
function hold(number: string, { pays = [], ...of }: Omit<Coupon, 'number'> & { pays?: readonly Paid[] }): Held {
  return { ...of, number, payments: pays.map((each, i) => ({ ...each, number: `P${number.slice(-9)}-${i + 1}`, coupon: number })) };
}

/** Inquiry numbers that no list has. */
function numbers(): () => string {
  let n = 0;
  return () => {
    n += 1;
    return String(437_500_000_000 + n * 37);
  };
}

/** A coupon of which a part was bought with, in every third. */
function plain(n: number): Omit<Coupon, 'number'> & { pays?: readonly Paid[] } {
  const faceYen = FACES[n % FACES.length] ?? 1_000;
  const paid = n % 3 === 0 ? Math.floor(faceYen / 4) + (n % 90) : 0;
  return {
    issuer: ISSUERS[n % ISSUERS.length] ?? ISSUERS[0],
    faceYen,
    balanceYen: faceYen - paid,
    valid: COVERED,
    ...NOBODY,
    pays: paid > 0 ? [usual(n, paid)] : [],
  };
}

/** What was paid in the days before the failure. */
function usual(n: number, yen: number): Paid {
  const at = `2023-02-${21 + (n % 4)}T1${n % 6}:${String((n * 7) % 60).padStart(2, '0')}:${String(n % 60).padStart(2, '0')}+09:00`;
  return { at, yen, shop: SHOPS[n % SHOPS.length] ?? SHOPS[0], outcome: '成功' };
}

function inFailure(balanceYen: number): Omit<Coupon, 'number' | 'issuer' | 'phone' | 'mail'> {
  return { faceYen: 5_000, balanceYen, valid: COVERED, left: '' };
}

/** What was pressed for in the failure. */
function paysOf(n: number): number {
  return 600 + 110 * n;
}

/** On the evening of the failure. */
function failureAt(n: number, minutes = 0): string {
  return `2023-02-24T${17 + (n % 5)}:${String(5 + ((n * 3) % 40) + minutes).padStart(2, '0')}:00+09:00`;
}

function holder(n: number, from: number): { phone: string; mail: string } {
  return n % 2 === 0 ? contact(from + n) : NOBODY;
}

function contact(n: number): { phone: string; mail: string } {
  return n % 4 === 3 ? { phone: '', mail: `guest${n}@example.jp` } : { phone: `090-0000-${9100 + n}`, mail: '' };
}

function reach({ phone, mail }: { phone: string; mail: string }): { phone: string; mail: string } {
  return { phone, mail };
}

/** A coupon for each grant of a list: what is owed is what was left on it. */
function readList(file: string): (Omit<Coupon, 'number'> & { number: string; pays: Paid[] })[] {
  const rows = parse(fs.readFileSync(path.join(FOLDER, file)), { bom: true, columns: true }) as Record<string, string>[];
  const c = GRANT_COLUMNS;
  return rows.map((row, n) => {
    const balanceYen = Number(row[c.residual]);
    const faceYen = Math.ceil(balanceYen / 1_000) * 1_000;
    return {
      number: row[c.inquiry] ?? '',
      issuer: ISSUERS[n % ISSUERS.length] ?? ISSUERS[0],
      faceYen,
      balanceYen,
      valid: COVERED,
      phone: row[c.phone] ?? '',
      mail: row[c.mail] ?? '',
      left: '',
      pays: faceYen > balanceYen ? [usual(n, faceYen - balanceYen)] : [],
    };
  });
}

/** The register as a file's text. */
export function couponFile(coupons: readonly Coupon[]): string {
  const c = COUPON_COLUMNS;
  const header = [c.number, c.prefecture, c.issuer, c.face, c.balance, c.valid, c.app, c.phone, c.mail, c.left];
  return fileOf(
    header,
    coupons.map((each) => [
      each.number,
      PREFECTURE,
      each.issuer,
      each.faceYen,
      each.balanceYen,
      each.valid,
      each.phone || each.mail ? '有' : '無',
      each.phone,
      each.mail,
      each.left,
    ]),
  );
}

/** Payments as a file's text. */
export function paymentFile(payments: readonly Payment[]): string {
  const c = PAYMENT_COLUMNS;
  const header = [c.number, c.inquiry, c.shop, c.amount, c.paid, c.result];
  return fileOf(
    header,
    payments.map((each) => [each.number, each.coupon, each.shop, each.yen, each.at, each.outcome]),
  );
}

function fileOf(header: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  return `${[header, ...rows].map((row) => row.join(',')).join('\r\n')}\r\n`;
}
