import type { CampaignFile } from '../domain/campaign';
import { COUPON_COLUMNS } from '../domain/coupon-row';
import { GRANT_COLUMNS } from '../domain/grant-row';
import { japanTime } from '../domain/japan-time';
import { PAYMENT_COLUMNS } from '../domain/payment-row';

/** Who and what a rehearsal is played with. Nobody here exists; addresses lead nowhere (RFC 2606), numbers are unassigned. */

const PREFECTURE = '熊本県';
const ISSUER = '予行の宿';
const SHOP = '予行の店';

export interface InventedCoupon {
  readonly number: string;
  readonly faceYen: number;
  /** What the payments leave. */
  readonly balanceYen: number;
  readonly inApp: boolean;
  readonly phone: string;
  readonly mail: string;
}

export interface InventedPayment {
  readonly number: string;
  readonly coupon: string;
  readonly yen: number;
  readonly at: Date;
  readonly outcome: '成功' | '応答なし';
}

export interface Invented {
  readonly coupons: readonly InventedCoupon[];
  readonly payments: readonly InventedPayment[];
  /** The coupon whose payment nobody was told of, and the one that was pressed twice. */
  readonly unanswered: InventedCoupon;
  readonly repeated: InventedCoupon;
}

const PERSONS = 30;
const CLAIMABLE = 10;

/** Residuals from the least to the most that the programme allows, by turns. */
function amounts({ grantCeilingYen, coupon }: CampaignFile): number[] {
  const least = coupon?.minimumResidualYen ?? 1;
  return [least, 500, 1_000, 1_357, 2_000, 7_999, grantCeilingYen].filter((yen) => yen >= least && yen <= grantCeilingYen);
}

/** A small register: persons with the app (one of them with two coupons), coupons in nobody's app, and the failure's payments. */
export function inventCoupons(campaign: CampaignFile): Invented {
  const began = new Date(campaign.incident?.began ?? 0);
  const choice = amounts(campaign);
  const least = choice[0] ?? 1;
  // Two of them and the least residual are still within what one coupon may be worth.
  const pay = Math.max(1, Math.min(500, Math.floor((campaign.grantCeilingYen - least) / 2)));
  const coupon = (n: number, of: Partial<InventedCoupon> = {}): InventedCoupon => {
    const yen = choice[n % choice.length] ?? least;
    const inApp = n < PERSONS;
    return {
      number: String(900_000_000_000 + n),
      faceYen: yen,
      balanceYen: yen,
      inApp,
      phone: inApp && n % 2 === 0 ? `090-0000-${String(1_000 + n)}` : '',
      mail: inApp && n % 2 === 1 ? `person-${n}@rehearsal.invalid` : '',
      ...of,
    };
  };
  const coupons = Array.from({ length: PERSONS + CLAIMABLE }, (_, n) => coupon(n));
  const [first] = coupons;
  // One person, two coupons: one grant.
  if (first) coupons.push(coupon(PERSONS + CLAIMABLE, { inApp: true, phone: first.phone, faceYen: least, balanceYen: least }));
  const tried = (n: number, times: number) => coupon(n, { faceYen: pay * times + least, balanceYen: least });
  const unanswered = tried(PERSONS + CLAIMABLE + 1, 1);
  const repeated = tried(PERSONS + CLAIMABLE + 2, 2);
  const payment = (n: number, { number }: InventedCoupon, outcome: InventedPayment['outcome']): InventedPayment => ({
    number: `RP-${n}`,
    coupon: number,
    yen: pay,
    at: new Date(began.getTime() + n * 60_000),
    outcome,
  });
  return {
    coupons: [...coupons, unanswered, repeated],
    payments: [payment(1, unanswered, '応答なし'), payment(2, repeated, '成功'), payment(2.5, repeated, '成功')].map((each, i) => ({
      ...each,
      number: `RP-${i + 1}`,
    })),
    unanswered,
    repeated,
  };
}

/** The register as a file's lines. */
export function couponLines(coupons: readonly InventedCoupon[], validUntil: Date): string[] {
  const c = COUPON_COLUMNS;
  const header = [c.number, c.prefecture, c.issuer, c.face, c.balance, c.valid, c.app, c.phone, c.mail, c.left];
  const lines = coupons.map((each) => [
    each.number,
    PREFECTURE,
    ISSUER,
    each.faceYen,
    each.balanceYen,
    written(validUntil),
    each.inApp ? '有' : '無',
    each.phone,
    each.mail,
    '',
  ]);
  return [header, ...lines].map((line) => line.join(','));
}

/** The payments as a file's lines. */
export function paymentLines(payments: readonly InventedPayment[]): string[] {
  const c = PAYMENT_COLUMNS;
  const header = [c.number, c.inquiry, c.shop, c.amount, c.paid, c.result];
  const lines = payments.map((each) => [each.number, each.coupon, SHOP, each.yen, written(each.at), each.outcome]);
  return [header, ...lines].map((line) => line.join(','));
}

/** Without coupons there is a list of who is owed what, as a file's lines. */
export function grantLines(campaign: CampaignFile): string[] {
  const c = GRANT_COLUMNS;
  const choice = amounts(campaign);
  const header = [c.number, c.inquiry, c.name, c.kana, c.phone, c.mail, c.residual, c.channel];
  const lines = Array.from({ length: PERSONS }, (_, n) => {
    const sms = n % 2 === 0;
    const address = sms ? [`090-0000-${1_000 + n}`, ''] : ['', `person-${n}@rehearsal.invalid`];
    return [`R-${n + 1}`, '', `予行 ${n + 1}`, 'ヨコウ', ...address, choice[n % choice.length], sms ? 'SMS' : 'メール'];
  });
  return [header, ...lines].map((line) => line.join(','));
}

/** What the holder of a coupon says on the telephone, and what was written down about them. */
export function callOf(coupon: InventedCoupon, payments: readonly string[], kind: 'unanswered' | 'repeated', validUntil: Date) {
  return {
    typed: {
      name: '予行 花子',
      phone: '090-0000-0001',
      mail: 'caller@rehearsal.invalid',
      number: coupon.number,
      valid: japanTime(validUntil).slice(0, 10),
      prefecture: PREFECTURE,
      shop: SHOP,
    },
    told: {
      way: 'facts',
      fact1: 'issuer',
      said1: ISSUER,
      fact2: 'face',
      said2: String(coupon.faceYen),
      kind,
      payments,
      story: '予行',
    },
  };
}

/** 2023-02-24T23:59:59+09:00. */
function written(at: Date): string {
  return `${japanTime(at).replace(' ', 'T')}+09:00`;
}
