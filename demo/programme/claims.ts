import type { CLAIM_ASKS, CLAIM_REFUSALS } from '~/domain/claim';
import { type DemoRegister, EVERYTHING } from './coupons';

/** Who claimed what in the demo's past, and how far their claim has come. Nobody here exists. */
export interface ClaimPlan {
  readonly name: string;
  readonly kana: string;
  readonly postal: string;
  readonly address: string;
  readonly phone: string;
  readonly mail: string;
  readonly language?: 'en';
  readonly numbers: readonly string[];
  readonly received: string;
  /** How many minutes later the address was proven; left out: not yet. */
  readonly proven?: number;
  readonly steps?: readonly ClaimStepPlan[];
  /** The batch in which it is proposed for approval. */
  readonly batch?: BatchName;
  /** When its points were chosen. */
  readonly redeemed?: { readonly at: string; readonly provider: 'amazon' | 'paypay' | 'nanaco' };
}

type RefusalReason = (typeof CLAIM_REFUSALS)[number];

export type ClaimStepPlan =
  | { readonly at: string; readonly act: 'ask'; readonly reason: (typeof CLAIM_ASKS)[number] }
  | { readonly at: string; readonly act: 'refuse'; readonly reason: RefusalReason }
  | { readonly at: string; readonly act: 'reopen' }
  | { readonly at: string; readonly act: 'number'; readonly was: string; readonly became: string }
  | { readonly at: string; readonly act: 'mail'; readonly became: string };

/** When claims were proposed together; approved soon after, unless the proposal still waits. */
export const BATCHES = {
  april: { at: '04-24 10:30', approved: true },
  late: { at: '05-19 11:00', approved: true },
  waiting: { at: '05-19 17:20', approved: false },
} as const;
export type BatchName = keyof typeof BATCHES;

/** A number that no register has. */
const MISREAD = '437509999991';
const MISREAD_TOO = '437509999992';

/** Every state and every reason, each at least once. */
export function planClaims({ free, app, spent, outside, listed }: DemoRegister): ClaimPlan[] {
  const coupon = (n: number) => free[n]?.number ?? '';
  const [inApp, empty, uncovered, paid] = [app[7], spent[0], outside[0], listed[3]].map((held) => held?.number ?? '');
  let serial = 0;
  const claim = ([name, kana]: readonly [string, string], of: Partial<ClaimPlan> & Pick<ClaimPlan, 'numbers' | 'received'>): ClaimPlan => {
    serial += 1;
    const [postal, town] = TOWNS[serial % TOWNS.length] ?? TOWNS[0];
    return {
      name,
      kana,
      postal,
      address: `${town}${1 + (serial % 6)}-${serial}`,
      phone: `090-0000-${7200 + serial}`,
      mail: `claim${String(serial).padStart(2, '0')}@example.jp`,
      ...of,
    };
  };
  const april = { proven: 12, batch: 'april' } as const;
  return [
    // Received points.
    claim([EVERYTHING.name, EVERYTHING.kana], {
      numbers: [coupon(0), coupon(1)],
      received: '03-24 14:20',
      ...april,
      phone: EVERYTHING.phone,
      mail: EVERYTHING.mail,
      redeemed: { at: '05-01 20:15', provider: 'amazon' },
    }),
    claim(['甲斐 洋平', 'カイ ヨウヘイ'], {
      numbers: [coupon(2)],
      received: '03-25 09:40',
      ...april,
      redeemed: { at: '04-29 08:05', provider: 'paypay' },
    }),
    claim(['松永 明美', 'マツナガ アケミ'], {
      numbers: [coupon(3)],
      received: '03-28 21:10',
      ...april,
      redeemed: { at: '05-06 13:30', provider: 'nanaco' },
    }),
    claim(['Emma Walker', ''], {
      numbers: [coupon(4)],
      received: '04-02 16:45',
      ...april,
      language: 'en',
      redeemed: { at: '05-03 07:50', provider: 'amazon' },
    }),
    // The link was sent.
    claim(['西村 さゆり', 'ニシムラ サユリ'], { numbers: [coupon(5)], received: '03-26 11:00', ...april }),
    claim(['有働 健一', 'ウドウ ケンイチ'], { numbers: [coupon(6), coupon(7), coupon(8)], received: '03-30 19:25', ...april }),
    claim(['坂本 春香', 'サカモト ハルカ'], {
      numbers: [coupon(9)],
      received: '04-05 12:15',
      ...april,
      steps: [
        { at: '04-10 15:10', act: 'ask', reason: 'address' },
        { at: '04-12 10:40', act: 'reopen' },
      ],
    }),
    claim(['宮崎 勇', 'ミヤザキ イサム'], { numbers: [coupon(10)], received: '04-08 18:30', ...april }),
    // Approved when the days of sending were over.
    claim(['古閑 直子', 'コガ ナオコ'], {
      numbers: [coupon(11)],
      received: '04-29 22:05',
      proven: 4,
      batch: 'late',
      steps: [
        { at: '05-09 14:00', act: 'ask', reason: 'photo' },
        { at: '05-18 16:20', act: 'reopen' },
      ],
    }),
    claim(['緒方 大輔', 'オガタ ダイスケ'], {
      numbers: [MISREAD],
      received: '04-30 23:41',
      proven: 9,
      batch: 'late',
      steps: [{ at: '05-18 17:05', act: 'number', was: MISREAD, became: coupon(12) }],
    }),
    // Proposed, and waiting for the second person.
    claim(['田上 恵', 'タノウエ メグミ'], {
      numbers: [coupon(13)],
      received: '04-28 08:50',
      proven: 30,
      batch: 'waiting',
      steps: [
        { at: '05-10 11:30', act: 'ask', reason: 'contact' },
        { at: '05-19 15:45', act: 'reopen' },
      ],
    }),
    // Being checked: three that match, two for one coupon, one of which nothing is left in part, and one misread.
    claim(['前川 智也', 'マエカワ トモヤ'], { numbers: [coupon(14)], received: '04-30 20:10', proven: 15 }),
    claim(['米田 美和', 'ヨネダ ミワ'], { numbers: [coupon(15), coupon(16)], received: '04-30 21:35', proven: 6 }),
    claim(['木村 弘', 'キムラ ヒロシ'], { numbers: [coupon(17)], received: '04-30 21:50', proven: 20 }),
    claim(['木村 ひろ子', 'キムラ ヒロコ'], { numbers: [coupon(17)], received: '04-30 22:30', proven: 11 }),
    claim(['福島 亮', 'フクシマ リョウ'], { numbers: [coupon(18), empty ?? ''], received: '04-30 22:55', proven: 3 }),
    claim(['本田 久美子', 'ホンダ クミコ'], { numbers: [MISREAD_TOO], received: '04-30 23:15', proven: 18 }),
    // The applicant was asked.
    claim(['東 雄介', 'ヒガシ ユウスケ'], {
      numbers: ['437509999993'],
      received: '04-27 13:00',
      proven: 8,
      steps: [{ at: '05-17 10:20', act: 'ask', reason: 'number' }],
    }),
    claim(['上村 涼', 'ウエムラ リョウ'], {
      numbers: [coupon(19)],
      received: '04-29 15:30',
      proven: 25,
      steps: [{ at: '05-18 11:15', act: 'ask', reason: 'name' }],
    }),
    claim(['Liam Chen', ''], {
      numbers: [coupon(20)],
      received: '04-30 10:05',
      proven: 2,
      language: 'en',
      steps: [{ at: '05-19 13:40', act: 'ask', reason: 'photo' }],
    }),
    // Nobody has proven the address: one mistyped it, and said so by telephone.
    claim(['岩永 正', 'イワナガ タダシ'], { numbers: [coupon(21)], received: '04-19 09:15' }),
    claim(['石橋 千夏', 'イシバシ チナツ'], {
      numbers: [coupon(22)],
      received: '04-30 23:58',
      mail: 'chinatsu@exmaple.jp',
      steps: [{ at: '05-19 16:30', act: 'mail', became: 'chinatsu@example.jp' }],
    }),
    // Refused, for each of the reasons.
    refused(['白石 守', 'シライシ マモル'], [paid ?? ''], '04-11 17:45', { at: '04-13 10:05', reason: 'already_paid' }),
    refused(['井上 彩', 'イノウエ アヤ'], [inApp ?? ''], '03-24 18:30', { at: '04-11 10:10', reason: 'with_app' }),
    refused(['永田 修二', 'ナガタ シュウジ'], [spent[1]?.number ?? ''], '03-29 07:20', { at: '04-11 10:25', reason: 'balance_zero' }),
    refused(['原 加代', 'ハラ カヨ'], [uncovered ?? ''], '04-03 14:50', { at: '04-11 10:40', reason: 'not_covered' }),
    refused(['渕上 康平', 'フチガミ コウヘイ'], ['437509999994'], '04-09 19:05', { at: '04-20 15:00', reason: 'unknown_number' }),
    refused(['大塚 由美', 'オオツカ ユミ'], [coupon(23)], '04-15 11:35', { at: '04-18 13:20', reason: 'withdrawn' }),
    refused(['中尾 一馬', 'ナカオ カズマ'], [coupon(24)], '04-22 20:40', { at: '05-08 16:10', reason: 'other' }),
  ];

  function refused(
    who: readonly [string, string],
    numbers: readonly string[],
    received: string,
    { at, reason }: { at: string; reason: RefusalReason },
  ): ClaimPlan {
    return claim(who, { numbers, received, proven: 10, steps: [{ at, act: 'refuse', reason }] });
  }
}

const TOWNS = [
  ['860-0001', '熊本県熊本市中央区千葉城町'],
  ['862-0950', '熊本県熊本市中央区水前寺'],
  ['869-2301', '熊本県阿蘇市内牧'],
  ['868-0004', '熊本県人吉市九日町'],
  ['863-0001', '熊本県天草市本渡町広瀬'],
] as const;
