import type { Section } from './section';

/** The rehearsal's clock. */
export const clock = {
  'clock.title': ['時計（練習用）', 'Clock (rehearsal)'],
  'clock.lead': [
    '練習の日時を先へ進めます。戻すことはできません。受取人の画面、管理画面、送信のすべてがこの日時で動きます。',
    'Moves the rehearsal on in time, never back. The public pages, the console and all sending go by it.',
  ],
  'clock.now': ['いまの日時：', 'It is now'],
  'clock.to': ['進める先の日時（日本時間）', 'Move on to (Japan time)'],
  'clock.move': ['進める', 'Move on'],
  'clock.before': ['1秒前へ', 'One second before'],
  'clock.after': ['その時へ', 'To it'],
  'clock.unreadable': [
    '日時を読み取れません。2023-04-10 09:00:00 のように入力してください。',
    'This is no date and time. Write it like 2023-04-10 09:00:00.',
  ],
  'clock.back': ['時計は戻せません。いまより後の日時を入力してください。', 'The clock cannot go back. Choose a moment after now.'],
  'clock.moment.failure': ['障害の発生', 'The failure begins'],
  'clock.moment.coupons_expired': ['クーポンのもとの有効期限の終わり', "The coupons' own validity ends"],
  'clock.moment.first_extension_ends': ['1回目の延長の終わり', 'The first extension ends'],
  'clock.moment.claims_open': ['申請の受付開始', 'Claims open'],
  'clock.moment.cutoff': ['残額の確定（延長した有効期限の終わり）', 'The cut-off: the extended validity ends'],
  'clock.moment.sending_begins': ['リンクの送信開始（{{group}}）', 'Sending of links begins ({{group}})'],
  'clock.moment.sending_ends': ['リンクの送信期間の終わり（{{group}}）', 'Sending of links ends ({{group}})'],
  'clock.moment.claims_close': ['申請の受付終了', 'Claims close'],
  'clock.moment.deadline': ['受取期限', 'The deadline'],
} as const satisfies Section;
