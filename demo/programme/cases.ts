import type { CaseAsk, CaseKind, CaseRefusal, ShopAnswer } from '~/domain/case';
import { type DemoRegister, EVERYTHING, type Held } from './coupons';

/** Who called in the demo's past, and how far their case has come. Nobody here exists. */
export interface CasePlan {
  readonly name: string;
  readonly phone: string;
  readonly mail: string;
  /** Null: the number that was read aloud is in no register. */
  readonly held: Held | null;
  /** Which of its payments it is about. */
  readonly payments: readonly string[];
  readonly kind: CaseKind;
  readonly story: string;
  /** Whether the caller could name two facts that the register holds. */
  readonly known: boolean;
  readonly opened: string;
  readonly steps: readonly CaseStepPlan[];
}

export type CaseStepPlan =
  | { readonly at: string; readonly act: 'take' | 'ask_shop' | 'done' }
  | { readonly at: string; readonly act: 'note'; readonly body: string }
  | { readonly at: string; readonly act: 'shop'; readonly answer: ShopAnswer; readonly body: string }
  | { readonly at: string; readonly act: 'ask'; readonly reason: CaseAsk; readonly body: string }
  | { readonly at: string; readonly act: 'refuse'; readonly reason: CaseRefusal; readonly body: string }
  /** Proposed by the agent; carried out unless it still waits for the second person. */
  | { readonly at: string; readonly act: 'decide'; readonly waits?: boolean };

/** Every state, some of them past their day. */
export function planCases({ unanswered, repeated, free, outside }: DemoRegister): CasePlan[] {
  let serial = 0;
  const call = (
    name: string,
    held: Held | undefined,
    kind: CaseKind,
    opened: string,
    steps: readonly CaseStepPlan[],
    of: Partial<CasePlan> = {},
  ): CasePlan => {
    serial += 1;
    const own = held?.payments.map(({ number }) => number) ?? [];
    return {
      name,
      phone: held?.phone || `090-0000-${7700 + serial}`,
      mail: serial % 3 === 0 ? '' : `caller${String(serial).padStart(2, '0')}@example.jp`,
      held: held ?? null,
      payments: kind === 'repeated' ? own.slice(1) : kind === 'unanswered' ? own : [],
      kind,
      story: STORIES[kind],
      known: true,
      opened,
      steps,
      ...of,
    };
  };
  const agreed = (from: string, day: string): CaseStepPlan[] => [
    { at: `${from} 15:10`, act: 'take' },
    { at: `${from} 15:25`, act: 'ask_shop' },
    { at: `${day} 11:05`, act: 'shop', answer: 'agrees', body: '店長に電話で確認。レジの控えでは同額の会計は1回のみ。' },
    { at: `${day} 11:20`, act: 'decide' },
  ];
  return [
    // Before the cut-off: put back on the coupon, or refused.
    call('大谷 和歌子', unanswered[1], 'unanswered', '03-02 10:12', [...agreed('03-02', '03-07'), { at: '03-08 10:05', act: 'done' }]),
    call('吉田 剛', repeated[2], 'repeated', '03-03 13:35', [...agreed('03-03', '03-09'), { at: '03-10 17:15', act: 'done' }]),
    call('杉本 玲奈', unanswered[3], 'unanswered', '03-06 11:50', [
      { at: '03-06 14:00', act: 'take' },
      { at: '03-06 14:10', act: 'ask_shop' },
      { at: '03-10 16:40', act: 'shop', answer: 'differs', body: 'レシート番号を確認。商品をお渡し済みで、会計は成立している。' },
      { at: '03-13 10:20', act: 'refuse', reason: 'shop_differs', body: '' },
      { at: '03-14 12:10', act: 'done' },
    ]),
    call('浜田 誠', free[30], 'other', '03-07 16:30', [
      { at: '03-08 09:40', act: 'take' },
      { at: '03-08 10:00', act: 'refuse', reason: 'nothing_taken', body: '残高は減っていない。画面表示のみの不具合。' },
      { at: '03-08 10:30', act: 'done' },
    ]),
    // After it: a grant of the caller's own.
    call(
      EVERYTHING.name,
      repeated[0],
      'repeated',
      '04-17 10:40',
      [
        ...agreed('04-17', '04-21'),
        { at: '04-24 11:00', act: 'note', body: '4/24 11時、ご本人にご説明。リンクは28日以降にメールで届く旨をお伝えした。' },
        { at: '04-24 11:05', act: 'done' },
      ],
      { phone: EVERYTHING.phone, mail: EVERYTHING.mail },
    ),
    call('柴田 進', unanswered[4], 'unanswered', '04-20 12:25', [...agreed('04-20', '04-27'), { at: '04-28 14:15', act: 'done' }]),
    call('森崎 ゆかり', repeated[4], 'repeated', '04-20 15:00', [
      { at: '04-20 15:20', act: 'take' },
      { at: '04-24 13:10', act: 'refuse', reason: 'withdrawn', body: 'お連れさまの分と分かり、取り下げのお申し出。' },
      { at: '04-24 13:15', act: 'done' },
    ]),
    // Two people agreed; the caller is to be told.
    call('長野 翔', repeated[5], 'repeated', '05-11 14:45', agreed('05-11', '05-19')),
    // Our no; the caller is to be told, of one since days.
    call('大谷 和歌子', unanswered[1], 'unanswered', '05-18 10:30', [
      { at: '05-18 13:00', act: 'take' },
      { at: '05-19 10:10', act: 'refuse', reason: 'already_given_back', body: '3月7日に戻入済み。' },
    ]),
    call(
      '村上 理恵',
      outside[1],
      'other',
      '05-15 11:15',
      [
        { at: '05-15 14:20', act: 'take' },
        { at: '05-16 10:45', act: 'refuse', reason: 'not_covered', body: '有効期限が障害の後のクーポン。' },
      ],
      { story: '旅行に行けなくなり使えなかった。補償してほしい。' },
    ),
    // Nobody has looked at them, of one since days.
    call('堀 雅人', unanswered[5], 'unanswered', '05-19 17:40', []),
    call('竹下 晴美', repeated[7], 'repeated', '05-17 09:50', []),
    // Being checked, of one for too long.
    call('荒木 美穂', repeated[6], 'repeated', '05-19 11:10', [{ at: '05-19 13:20', act: 'take' }]),
    call('中川 哲', unanswered[6], 'unanswered', '05-11 15:05', [
      { at: '05-12 09:30', act: 'take' },
      { at: '05-12 09:45', act: 'note', body: '店舗の電話がつながらない。月曜に再度。' },
    ]),
    // The shop was asked, of one for too long.
    call('池田 真弓', unanswered[7], 'unanswered', '05-17 14:10', [
      { at: '05-18 09:35', act: 'take' },
      { at: '05-18 09:50', act: 'ask_shop' },
    ]),
    call('高木 淳', repeated[8], 'repeated', '05-02 16:20', [
      { at: '05-08 09:30', act: 'take' },
      { at: '05-08 09:40', act: 'ask_shop' },
      { at: '05-15 17:30', act: 'note', body: '店舗へ催促の電話。担当者不在、折り返し待ち。' },
    ]),
    // The caller was asked for more, of one for too long.
    call(
      '山口 里奈',
      unanswered[8],
      'unanswered',
      '05-17 10:20',
      [
        { at: '05-17 10:40', act: 'take' },
        { at: '05-17 10:55', act: 'ask', reason: 'identity', body: '発行施設を思い出せないとのこと。控えを見て折り返していただく。' },
      ],
      { known: false },
    ),
    call('工藤 清', repeated[9], 'repeated', '04-25 13:30', [
      { at: '04-25 15:00', act: 'take' },
      { at: '04-25 15:10', act: 'ask_shop' },
      { at: '05-01 16:20', act: 'shop', answer: 'no_record', body: '店舗に当日のレジの記録が残っていない。' },
      { at: '05-02 10:10', act: 'ask', reason: 'shop_no_record', body: 'レシートか、お取引の画面の写しをお願いした。' },
    ]),
    call(
      'Sofia Rossi',
      undefined,
      'unanswered',
      '05-19 12:05',
      [
        { at: '05-19 12:20', act: 'take' },
        { at: '05-19 12:30', act: 'ask', reason: 'number', body: 'お問合せ番号が登録にない。カードの写真を見ていただく。' },
      ],
      { known: false },
    ),
    // Proposed, and waiting for the second person.
    call('今村 一郎', unanswered[9], 'unanswered', '05-10 10:15', [
      { at: '05-10 14:00', act: 'take' },
      { at: '05-10 14:15', act: 'ask_shop' },
      { at: '05-19 16:50', act: 'shop', answer: 'agrees', body: '会計は現金でやり直していただいたとのこと。控えあり。' },
      { at: '05-19 17:30', act: 'decide', waits: true },
    ]),
  ];
}

/** What is in no register. */
export const UNKNOWN_NUMBER = '437509999995';

const STORIES: Readonly<Record<CaseKind, string>> = {
  unanswered: '支払いの画面が固まり、店では決済できていないと言われて現金で払った。後で見ると残高が減っていた。',
  repeated: '反応がなかったのでもう一度読み取ってもらった。2回分引かれている。',
  other: '残高の表示がおかしい。',
};
