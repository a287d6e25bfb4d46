import type { Section } from './section';

/** What messages are for, and the demo's outbox. */
export const messages = {
  'message.purpose.resend': ['案内（再送）', 'link again'],
  'message.purpose.address_changed_old': ['宛先変更のお知らせ（前の宛先へ）', 'address changed (to the old one)'],
  'message.purpose.address_changed_new': ['宛先変更のお知らせ（新しい宛先へ）', 'address changed (to the new one)'],
  'message.purpose.code_ready': ['発行完了のお知らせ', 'code ready'],
  'message.purpose.code_failed': ['発行できなかったお知らせ', 'code failed, choose anew'],
  'message.purpose.reissued': ['再発行のお知らせ', 'issued anew'],
  'message.purpose.deadline_extended': ['期限延長のお知らせ', 'deadline extended'],
  'message.purpose.invitation': ['受取のご案内', 'invitation'],
  'message.purpose.reminder': ['期限前のお知らせ', 'reminder'],
  'message.channel.mail': ['メール', 'Mail'],
  'message.channel.sms': ['SMS', 'SMS'],

  'outbox.title': ['送信箱（練習用）', 'Outbox (rehearsal)'],
  'outbox.lead': [
    '練習中のメールとSMSは送信されず、ここに表示されます。新しい順です。',
    'While rehearsing, mail and SMS are not sent but shown here, newest first.',
  ],
  'outbox.empty': [
    'まだ何も送信されていません。管理画面でリンクを再送すると、ここに届きます。',
    'Nothing was sent yet. Resend a link in the console and it appears here.',
  ],
  'outbox.from': ['差出人', 'From'],
  'outbox.to': ['宛先', 'To'],
  'outbox.segments_other': ['{{count}}通分', '{{count}} segments', '{{count}} segment'],
  'outbox.language.ja': ['日本語', 'Japanese'],
  'outbox.language.en': ['英語', 'English'],
} as const satisfies Section;
