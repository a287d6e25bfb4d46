import type { Section } from './section';

/** How programmes are set up. */
export const campaigns = {
  'campaigns.title': ['事業の設定', 'How the programme is set up'],
  'campaigns.lead': [
    '日程・取扱額面・差出人を、全体として確かめます。日時はすべて日本時間です。',
    'Dates, amounts and senders, looked at as a whole. All times are Japan’s.',
  ],
  'campaigns.fine': ['日程と取扱額面に、おかしなところはありません。', 'Dates and amounts hold together.'],
  'campaigns.calendar': ['日程', 'Calendar'],
  'campaigns.past': ['過ぎた', 'past'],
  'campaigns.offers': ['取扱額面', 'Offers'],
  'campaigns.range': ['{{from}}から{{until}}まで（{{step}}きざみ）', '{{from}} to {{until}}, in steps of {{step}}'],
  'campaigns.faces': ['{{faces}}（{{most}}枚まで）', '{{faces}}, at most {{most}} codes'],
  'campaigns.source.api': ['交換先が発行', 'by the provider'],
  'campaigns.source.stock': ['購入済みの番号', 'bought codes'],
  'campaigns.paused': ['停止中', 'paused'],
  'campaigns.who': ['事務局と差出人', 'Office and senders'],
  'campaigns.id': ['事業のID', 'ID'],
  'campaigns.office': ['事務局', 'Office'],
  'campaigns.mail': ['メールの差出人', 'Mail from'],
  'campaigns.sms': ['SMSの差出人', 'SMS from'],
  'campaigns.centre': ['コールセンター', 'Call centre'],
  'campaigns.hours': ['受付時間', 'Hours'],
  'campaigns.ceiling': ['1件の上限', 'Most for one grant'],
  'campaigns.claims': ['申請の受付', 'Takes claims'],
  'campaigns.change': [
    '設定の変更は、事業のファイルを「campaign load」で読み込みます。',
    'It is changed by loading the programme’s file with “campaign load”.',
  ],
  'campaigns.finding.no_offer': ['選べる交換先がありません。', 'There is nothing to choose.'],
  'campaigns.finding.one_yen_lost': ['残額1円の方が受け取れる交換先がありません。', 'Nobody with 1 yen left could take it.'],
  'campaigns.finding.ceiling_lost': [
    '1件の上限額を、いまの取扱額面では受け取りきれません。',
    'The most of one grant cannot be taken whole.',
  ],
  'campaigns.finding.extension_before_expiry': [
    '延長した有効期限が、もとの期限より前です。',
    'The extended validity ends before the original one.',
  ],
  'campaigns.finding.cutoff_before_extension': [
    '残額の確定が、延長した有効期限より前です。',
    'The cut-off comes before the extended validity ends.',
  ],
  'campaigns.finding.claims_order': ['申請の受付終了が、開始より前です。', 'Claims close before they open.'],
  'campaigns.finding.claims_after_deadline': ['申請の受付終了が、受取期限より後です。', 'Claims close after the deadline.'],
  'campaigns.finding.claims_before_failure': ['申請の受付開始が、障害の発生より前です。', 'Claims open before the failure.'],
  'campaigns.finding.sending_order': [
    '{{group}}のリンクの送信期間の終わりが、始まりより前です。',
    'Sending to {{group}} ends before it begins.',
  ],
  'campaigns.finding.sending_before_cutoff': [
    '{{group}}のリンクの送信が、残額の確定より前に始まります。',
    'Sending to {{group}} begins before the cut-off.',
  ],
  'campaigns.finding.sending_after_deadline': [
    '{{group}}のリンクの送信期間が、受取期限より後まであります。',
    'Sending to {{group}} goes on after the deadline.',
  ],
  'campaigns.finding.sending_before_claims_end': [
    '{{group}}のリンクの送信期間が、申請の受付終了より前に終わります。最後の日に申請した方に送れません。',
    'Sending to {{group}} ends before claims close: whoever claims last gets no link.',
  ],
  'campaigns.finding.hours_order': ['{{group}}の送信の時間帯が逆です。', 'The hours of sending to {{group}} are the wrong way round.'],
  'campaigns.finding.no_claims': [
    'クーポンの補償ですが、申請の受付がありません。アプリに登録のない方に届きません。',
    'Coupons are compensated, but nobody can claim: whoever is not in the app is not reached.',
  ],
} as const satisfies Section;
