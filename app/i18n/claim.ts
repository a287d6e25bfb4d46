import type { Section } from './console/section';
import { type Language, makeCatalogue, type Texts } from './make-texts';

/** Every text of the claim site, both languages side by side. */
const CATALOGUE = {
  title: ['補償の申請', 'Claim for compensation'],
  'steps.form': ['入力', 'Your details'],
  'steps.confirm': ['確認', 'Check'],
  'steps.done': ['受付完了', 'Received'],
  'steps.label': ['手順', 'Steps'],

  'home.title': ['地域クーポン（紙）の補償申請', 'Claim for a paper regional coupon'],
  'home.until': ['受付は{{moment}}までです。', 'Claims are taken until {{moment}}.'],
  'announced.claims_open': [
    '受付開始の日時が変わりました。はじめのご案内は{{from}}、いまは{{to}}です。',
    'The opening has changed: it was {{from}} when we first announced it, and is now {{to}}.',
  ],
  'announced.claims_close': [
    '受付終了の日時が変わりました。はじめのご案内は{{from}}、いまは{{to}}です。',
    'The closing has changed: it was {{from}} when we first announced it, and is now {{to}}.',
  ],
  'home.who': ['申請が必要な方', 'Who needs to claim'],
  'home.who.text': [
    '紙の地域クーポンをアプリに登録しなかった方、またはアプリを退会した方です。',
    'People who did not charge their paper coupon into the app, or who have left the app.',
  ],
  'home.app': ['アプリをお使いの方は、申請の必要はありません', 'If you use the app, you need not claim'],
  'home.app.text': [
    'アプリに登録した電話番号またはメールアドレスに、専用リンクをお送りします。そのままお待ちください。',
    'We send a personal link to the phone number or mail address that you registered in the app. Please just wait for it.',
  ],
  'home.need': ['お手元にご用意ください', 'What to have at hand'],
  'home.need.coupon': ['地域クーポン（紙）に書かれた「お問合せ番号」', 'The inquiry number (お問合せ番号) printed on the paper coupon'],
  'home.need.mail': ['メールを受け取れるメールアドレス', 'A mail address at which you can receive mail'],
  'home.lost': ['クーポンをなくした方・番号がわからない方', 'If you lost the coupon or do not know its number'],
  'home.lost.text': [
    'クーポンを受け取った旅行会社・宿泊施設にお尋ねください。お問合せ番号がわかれば申請できます。',
    'Please ask the travel agency or hotel that issued it. With the inquiry number you can claim.',
  ],
  'home.start': ['申請を始める', 'Start a claim'],
  'home.status': ['申請の状況を確認する', 'See how my claim stands'],
  'home.choose': ['どの補償の申請ですか', 'Which programme is it about?'],
  'home.none': ['現在、申請を受け付けている補償はありません', 'No programme takes claims'],
  'home.none.text': [
    'お手元の案内をご確認のうえ、ご不明な点はコールセンターにお尋ねください。',
    'Please look at the notice you have, and ask the call centre if anything is unclear.',
  ],

  'before.title': ['申請の受付は、まだ始まっていません', 'Claims are not taken yet'],
  'before.text': ['{{opens}}に受付を始め、{{closes}}まで受け付けます。', 'Claims are taken from {{opens}} until {{closes}}.'],
  'after.title': ['申請の受付は終了しました', 'Claims are no longer taken'],
  'after.text': ['受付は{{closes}}に終了しました。', 'The last moment was {{closes}}.'],
  'after.typed': [
    '入力の途中で受付が終了したため、この申請は受け付けられていません。入力した内容で何かが申し込まれることはありません。',
    'Claims closed while you were filling in the form, so this claim was not taken. Nothing was sent off with what you typed.',
  ],
  'after.do': [
    'ご事情がある方は、コールセンターにご相談ください。申請済みの方は、状況を確認できます。',
    'If something kept you from claiming, please talk to the call centre. If you have claimed, you can see how your claim stands.',
  ],

  'form.title': ['申請する方の情報を入力してください', 'Please enter your details'],
  'form.lead': [
    '全角・半角、ハイフンのあり・なしは、どちらでもかまいません。入力した内容は、このブラウザーで続きから入力できるよう保存します。',
    'Any width of characters will do, with or without hyphens. What you type is kept, so that you can go on later in this browser.',
  ],
  'form.name': ['お名前', 'Name'],
  'form.name.hint': ['例：補償 花子', 'For example: HOSHO Hanako'],
  'form.kana': ['フリガナ（任意）', 'Name in kana (optional)'],
  'form.kana.hint': ['例：ホショウ ハナコ。ひらがなでもかまいません', 'If your name is written in kanji'],
  'form.postal': ['郵便番号', 'Postal code'],
  'form.postal.hint': ['7桁の数字', 'Seven digits'],
  'form.address': ['住所', 'Address'],
  'form.address.hint': ['都道府県から、建物名・部屋番号まで', 'From the prefecture to the building and room'],
  'form.phone': ['電話番号', 'Telephone number'],
  'form.phone.hint': ['昼間につながる番号', 'A number at which we can reach you in the daytime'],
  'form.mail': ['メールアドレス', 'Mail address'],
  'form.mail.hint': [
    '受付番号と専用リンクをお送りします。{{sender}} からのメールを受け取れるようにしてください',
    'We send the reference number and the personal link here. Please allow mail from {{sender}}',
  ],
  'form.numbers': ['お問合せ番号', 'Inquiry numbers'],
  'form.numbers.hint': ['クーポンに書かれた番号。複数あるときは1枚ずつ入力します', 'As printed on the coupon. Enter each coupon by itself'],
  'form.number': ['{{row}}枚目のお問合せ番号', 'Inquiry number of coupon {{row}}'],
  'form.fill': ['郵便番号から住所を入れる', 'Fill in the town by the postal code'],
  'error.town': [
    'この郵便番号の住所が見つかりませんでした。番号を確かめるか、住所をそのまま入力してください。',
    'No town was found for this postal code. Check it, or simply type the address.',
  ],
  'error.lapsed': [
    '時間がたったため、もう一度「入力内容を確認する」を押してください。入力した内容は残っています。',
    'Some time has passed: please press the button once more. What you typed is still here.',
  ],
  'form.add': ['クーポンを追加する', 'Add a coupon'],
  'form.trap': ['この欄には何も入力しないでください', 'Please leave this field empty'],
  'form.submit': ['入力内容を確認する', 'Check what I entered'],

  'error.missing.name': ['お名前を入力してください', 'Please enter your name'],
  'error.missing.postal': ['郵便番号を入力してください', 'Please enter the postal code'],
  'error.missing.address': ['住所を入力してください', 'Please enter your address'],
  'error.missing.phone': ['電話番号を入力してください', 'Please enter a telephone number'],
  'error.missing.mail': ['メールアドレスを入力してください', 'Please enter a mail address'],
  'error.missing.numbers': ['お問合せ番号を入力してください', 'Please enter an inquiry number'],
  'error.malformed.name': ['お名前に使えない文字が含まれています', 'The name holds a character that cannot be used'],
  'error.malformed.kana': ['フリガナは、カタカナかひらがなで入力してください', 'Please enter the name in kana or letters'],
  'error.malformed.postal': ['郵便番号は7桁の数字で入力してください', 'A postal code has seven digits'],
  'error.malformed.address': ['住所に使えない文字が含まれています', 'The address holds a character that cannot be used'],
  'error.malformed.phone': [
    '電話番号を読み取れません。市外局番から入力してください。海外の番号は、+と国番号から入力してください',
    'This cannot be read as a telephone number. Please begin with the area code; from abroad with + and the country code',
  ],
  'error.malformed.mail': [
    'メールアドレスを読み取れません。@の前後をご確認ください',
    'This cannot be read as a mail address. Please check around the @',
  ],
  'error.malformed.numbers': [
    '{{row}}枚目のお問合せ番号を読み取れません。数字をご確認ください',
    'Inquiry number {{row}} cannot be read. Please check it',
  ],
  'error.twice.numbers': ['{{row}}枚目のお問合せ番号が、ほかの欄と同じです', 'Inquiry number {{row}} stands in another field as well'],
  'error.too_long.name': ['お名前は80文字までで入力してください', 'A name may have up to 80 characters'],
  'error.too_long.kana': ['フリガナは80文字までで入力してください', 'The name in kana may have up to 80 characters'],
  'error.too_long.address': ['住所は200文字までで入力してください', 'An address may have up to 200 characters'],
  'error.trap': [
    '見えない欄に文字が入っていました。空にしましたので、もう一度お進みください',
    'A hidden field was filled in. It is empty again: please go on once more',
  ],
  'error.quick': [
    '送信が早すぎたため、念のため止めました。内容をご確認のうえ、もう一度お進みください',
    'The form came so quickly that we stopped it to be safe. Please look at it and go on once more',
  ],
  'error.full': ['一度に申請できるのは{{most}}枚までです', 'One claim can name up to {{most}} coupons'],

  'confirm.title': ['この内容で申請しますか', 'Is this right?'],
  'confirm.lead': ['まだ申請は終わっていません。内容をご確認ください。', 'Your claim has not been sent yet. Please check it.'],
  'confirm.submit': ['この内容で申請する', 'Send this claim'],
  'confirm.back': ['入力内容を直す', 'Change something'],
  'confirm.none': ['（なし）', '(none)'],

  'done.title': ['申請を受け付けました', 'Your claim was received'],
  'done.number': ['受付番号', 'Reference number'],
  'done.keep': [
    'この番号は、状況の確認やお問い合わせに必要です。画面を保存するか、書き留めてください。',
    'You need this number to see how your claim stands and when you call. Please save this page or write it down.',
  ],
  'done.next': ['このあとの流れ', 'What comes next'],
  'done.next.mail': [
    'ご入力のメールアドレスに確認メールをお送りします。メールのリンクを開き、ボタンを押してください。押すまで確認は始まりません。',
    'We send a mail to the address you gave. Open its link and press the button: your claim is checked only after that.',
  ],
  'done.next.check': ['事務局が、お問合せ番号と登録の内容を確認します。', 'The office compares your inquiry numbers with its records.'],
  'done.next.link': ['確認ができた方に、{{period}}に専用リンクをお送りします。', 'When all is well, the personal link is sent {{period}}.'],
  'done.next.link.later': ['確認ができた方に、専用リンクをお送りします。', 'When all is well, we send you the personal link.'],
  'done.another': ['ほかの方の分を申請する', 'Claim for somebody else'],
  period: ['{{from}}から{{until}}まで', 'between {{from}} and {{until}}'],

  'status.title': ['申請の状況を確認する', 'How my claim stands'],
  'status.lead': [
    '受付番号と、申請のときに入力した電話番号またはメールアドレスを入力してください。',
    'Please enter the reference number, and the telephone number or mail address that you gave.',
  ],
  'status.number': ['受付番号', 'Reference number'],
  'status.number.hint': ['10桁の数字', 'Ten digits'],
  'status.fact': ['電話番号またはメールアドレス', 'Telephone number or mail address'],
  'status.submit': ['状況を見る', 'Show'],
  'status.number.missing': ['受付番号を入力してください', 'Please enter the reference number'],
  'status.fact.missing': [
    '申請のときに入力した電話番号またはメールアドレスを入力してください',
    'Please enter the telephone number or mail address that you gave',
  ],
  'status.unknown': [
    '該当する申請が見つかりません。受付番号と、電話番号またはメールアドレスをご確認ください',
    'No such claim was found. Please check the reference number and the telephone number or mail address',
  ],
  'status.malformed': [
    '受付番号の数字をご確認ください。10桁のうち、どこかが違っています',
    'Please check the reference number: one of the ten digits is wrong',
  ],
  'status.received_at': ['受付日時', 'Received'],
  'status.busy': ['しばらく時間をおいてから、もう一度お試しください', 'Please wait a while and try again'],
  'status.corrected': [
    'お申し出により、お問合せ番号を訂正しました（{{day}}）。',
    'An inquiry number was corrected as you told us ({{day}}).',
  ],
  'status.again': ['ほかの申請を確認する', 'Look at another claim'],
  'status.home': ['申請のページに戻る', 'Back to the claim page'],

  'status.lost': ['受付番号がわからない方', 'I lost my reference number'],
  'lost.title': ['受付番号がわからない方', 'I lost my reference number'],
  'lost.text': [
    '申請のときに入力し、確認が済んだメールアドレスを入力してください。そのアドレスに受付番号をお送りします。',
    'Please enter the mail address that you gave and confirmed. We send the reference number to it.',
  ],
  'lost.submit': ['受付番号をメールで受け取る', 'Send me the number'],
  'lost.asked': ['ご依頼を受け付けました', 'We have your request'],
  'lost.asked.text': [
    '確認が済んだメールアドレスで申請がある場合は、数分のうちに受付番号をお送りします。届かないときは、コールセンターにお電話ください。',
    'If there is a claim with this address and it was confirmed, the number arrives within some minutes. If it does not, please call the call centre.',
  ],
  'lost.back': ['申請の状況を確認する', 'See how my claim stands'],
  'prove.title': ['メールアドレスの確認', 'Confirm your mail address'],
  'prove.text': [
    '下のボタンを押すと、メールアドレスの確認が終わり、申請内容の確認が始まります。',
    'Press the button to confirm your mail address. We then begin to check your claim.',
  ],
  'prove.submit': ['メールアドレスを確認する', 'Confirm my mail address'],
  'prove.done': ['メールアドレスを確認しました', 'Your mail address is confirmed'],
  'prove.done.text': [
    '申請の内容を確認しています。このページは閉じてかまいません。',
    'We are checking your claim. You can close this page.',
  ],

  'mail.prove.subject': ['【要確認】補償の申請を受け付けました', 'Please confirm: we received your claim'],
  'mail.prove.text': ['補償の申請を受け付けました。', 'We received your claim for compensation.'],
  'mail.number.subject': ['受付番号のお知らせ', 'Your reference number'],
  'mail.number.text': ['ご依頼により、申請の受付番号をお知らせします。', 'You asked for the reference number of your claim.'],
  'mail.number': ['受付番号：{{number}}', 'Reference number: {{number}}'],
  'mail.link': [
    '次のリンクを開き、「メールアドレスを確認する」を押してください。押すまで、申請内容の確認は始まりません。',
    'Open this link and press "Confirm my mail address". Your claim is checked only after that.',
  ],
  'mail.stranger': [
    'お心当たりのない方は、何もせずにこのメールを削除してください。',
    'If you know nothing of this, please delete this mail and do nothing.',
  ],
  'mail.more_needed.subject': ['【お電話ください】申請についてお尋ねしたいことがあります', 'Please call us about your claim'],
  'mail.more_needed.text': ['補償の申請について、お知らせします。', 'This is about your claim for compensation.'],
  'mail.refused.subject': ['申請の確認結果のお知らせ', 'What came of your claim'],
  'mail.refused.text': [
    '補償の申請を確認しました。結果をお知らせします。',
    'We have looked at your claim for compensation. This is what came of it.',
  ],
  'mail.approved.subject': ['申請を承認しました', 'Your claim was approved'],
  'mail.approved.text': ['補償の申請について、お知らせします。', 'This is about your claim for compensation.'],
  'mail.approved.yen': ['お受け取りになれる金額：{{yen}}', 'Amount to receive: {{yen}}'],
  'mail.approved.wait': [
    'いま必要なお手続きはありません。専用リンクが届くまで、そのままお待ちください。',
    'There is nothing to do now. Please just wait for the personal link.',
  ],
  'mail.approved.where': [
    '専用リンクは、申請のときに入力された宛先にお送りします。',
    'The personal link is sent to the address that you gave in your claim.',
  ],
  'mail.real': ['■ このメールが本物か確かめるには', '■ How to tell that this is real'],
  'mail.status': ['申請の状況は、次のページでも確認できます。', 'You can also see how your claim stands on this page.'],
  'mail.help': ['お問い合わせ：{{tel}}', 'Questions: {{tel}}'],
  'mail.centre': ['コールセンター：{{tel}}（{{hours}}）', 'Call centre: {{tel}} ({{hours}})'],

  'state.received': ['受付済み', 'Received'],
  'state.checking': ['確認中', 'Being checked'],
  'state.more_needed': ['追加の確認が必要', 'More is needed'],
  'state.approved': ['承認済み', 'Approved'],
  'state.refused': ['お支払いできません', 'Not accepted'],
  'heading.late': ['受取期限を過ぎました', 'The deadline has passed'],
  'heading.already_paid': ['すでにお支払いの対象です', 'Already being paid'],
  'heading.with_app': ['申請は必要ありません', 'No claim is needed'],
  'heading.balance_zero': ['お支払いする残額がありません', 'Nothing is left to pay'],
  'heading.not_covered': ['補償の対象ではありません', 'Not covered'],
  'heading.unknown_number': ['お問合せ番号が見つかりません', 'The inquiry number was not found'],
  'heading.withdrawn': ['申請を取り下げました', 'Claim withdrawn'],
  'heading.other': ['お支払いできません', 'Not accepted'],
  'state.sent': ['専用リンク送付済み', 'Link sent'],
  'state.collected': ['受け取り済み', 'Points received'],
  'sentence.received': [
    '申請を受け付けました。お送りしたメールのリンクを開き、メールアドレスを確認してください。確認が済むと、内容の確認を始めます。',
    'We have received your claim. Please open the link in the mail we sent and confirm your address; then we check the claim.',
  ],
  'sentence.checking': ['お問合せ番号と登録の内容を確認しています。', 'We are comparing your inquiry numbers with our records.'],
  'sentence.more_needed': ['確認のため、お尋ねしたいことがあります。', 'We need to ask you something more.'],
  'sentence.more_needed.do': [
    'お手数ですが、コールセンターにお電話ください。受取期限の{{deadline}}までに確認が終わらないと、お支払いできなくなります。',
    'Please call the call centre. If this is not settled by {{deadline}}, nothing can be paid any more.',
  ],
  'sentence.approved': [
    '申請を承認しました。{{period}}に専用リンクをお送りします。',
    'Your claim was approved. The personal link will be sent {{period}}.',
  ],
  'sentence.approved.later': [
    '申請を承認しました。準備ができしだい、専用リンクをお送りします。受取期限は{{deadline}}です。届かないときは、コールセンターにお電話ください。',
    'Your claim was approved. The personal link is sent as soon as it is ready. You can use it until {{deadline}}. If it does not arrive, please call the call centre.',
  ],
  'refused.again': [
    '理由のご説明や再確認のご希望は、受取期限の{{deadline}}まで、コールセンターで承ります。',
    'The call centre explains why, and can have it looked at again until {{deadline}}.',
  ],
  'refused.withdrawn': [
    '取り下げた覚えがないときや、もう一度申請したいときは、受取期限の{{deadline}}までにコールセンターにお電話ください。',
    'If you did not ask for this, or want to claim again, please call the call centre by {{deadline}}.',
  ],
  'refused.late': [
    '受取期限の{{deadline}}を過ぎたため、お支払いの手続きはできません。ご不明な点は、コールセンターにお電話ください。',
    'The last moment was {{deadline}}, so nothing can be paid any more. Please call the call centre if anything is unclear.',
  ],
  'with_app.coming': [
    'アプリに登録された宛先へ、専用リンクを{{period}}にお送りします。',
    'The personal link is sent to the address in the app {{period}}.',
  ],
  'with_app.later': [
    'アプリに登録された宛先へ、専用リンクをお送りします。受取期限は{{deadline}}です。',
    'The personal link is sent to the address in the app. You can use it until {{deadline}}.',
  ],
  'with_app.sent': [
    'アプリに登録された宛先へ、専用リンクをお送りしました。受取期限は{{deadline}}です。届いていないときは、コールセンターにお電話ください。',
    'The personal link was sent to the address in the app. You can use it until {{deadline}}. If it has not arrived, please call the call centre.',
  ],
  'with_app.late': [
    'アプリに登録された宛先へ、専用リンクをお送りしましたが、受取期限の{{deadline}}を過ぎました。受け取っていない残額は、もう受け取れません。ご事情がある方は、コールセンターにご相談ください。',
    'The personal link was sent to the address in the app, but the last moment to use it was {{deadline}}. What was not redeemed by then can no longer be received. If something kept you from it, please talk to the call centre.',
  ],
  'late.open': [
    '受取期限の{{deadline}}を過ぎたため、お支払いの手続きはできなくなりました。ご事情がある方は、コールセンターにご相談ください。',
    'The last moment was {{deadline}}, so nothing can be paid any more. If something kept you from it, please talk to the call centre.',
  ],
  'late.approved': [
    '申請は承認されましたが、専用リンクをお送りする前に受取期限の{{deadline}}を過ぎました。お手数ですが、コールセンターにお電話ください。',
    'Your claim was approved, but the last moment, {{deadline}}, passed before the personal link was sent. Please call the call centre.',
  ],
  'late.sent': [
    '専用リンクをお送りしましたが、受取期限の{{deadline}}を過ぎたため、もう受け取れません。期限までに交換を申し込んだ分の手続きは続きます。ご事情がある方は、コールセンターにご相談ください。',
    'The personal link was sent, but the last moment to use it was {{deadline}}: nothing more can be received. What you chose before then is still carried out. If something kept you from it, please talk to the call centre.',
  ],
  'ask.number': ['お問合せ番号をもう一度確認させてください。', 'We need to check the inquiry number with you.'],
  'ask.name': ['お名前を確認させてください。', 'We need to check your name.'],
  'ask.address': ['ご住所を確認させてください。', 'We need to check your address.'],
  'ask.contact': ['ご連絡先を確認させてください。', 'We need to check how to reach you.'],
  'ask.photo': ['お手元のクーポンの写真をお願いすることがあります。', 'We may ask for a photograph of your coupon.'],
  'ask.other': ['詳しくはお電話でご説明します。', 'We explain it on the telephone.'],
  'refusal.already_paid': [
    'このお問合せ番号の残額は、すでにほかの申請でお支払いの対象になっています。',
    'What was left on this coupon is already paid to another claim.',
  ],
  'refusal.with_app': [
    'このクーポンはアプリに登録されているため、申請は必要ありません。',
    'This coupon is in the app, so no claim is needed.',
  ],
  'refusal.balance_zero': [
    'このクーポンには、補償の対象となる残額がありませんでした。',
    'Nothing that is compensated was left on this coupon.',
  ],
  'refusal.not_covered': ['このクーポンは、今回の補償の対象ではありませんでした。', 'This coupon is not covered by this compensation.'],
  'refusal.unknown_number': ['お問合せ番号が登録の中に見つかりませんでした。', 'The inquiry number is not in our records.'],
  'refusal.withdrawn': ['お申し出により、申請を取り下げました。', 'The claim was withdrawn as you asked.'],
  'refusal.other': ['詳しくはお電話でご説明します。', 'We explain it on the telephone.'],
  'sentence.sent': [
    '専用リンクをお送りしました。受取期限は{{deadline}}です。届いていないときは、コールセンターにお電話ください。',
    'The personal link was sent. You can use it until {{deadline}}. If it has not arrived, please call the call centre.',
  ],
  'sentence.collected': ['ポイントの受け取りが済んでいます。', 'The points have been received.'],
} as const satisfies Section;

export type ClaimTextKey = keyof typeof CATALOGUE;
/** All that a page of the claim site needs to speak one language. */
export type ClaimTexts = Texts<ClaimTextKey>;

function resource(language: Language): Record<string, string> {
  return Object.fromEntries(Object.entries(CATALOGUE).map(([key, [ja, en]]) => [key, language === 'ja' ? ja : en]));
}

const TEXTS = makeCatalogue<ClaimTextKey>({ ja: resource('ja'), en: resource('en') });

/** The claim site's texts in a language. */
export function claimTextsIn(language: Language): ClaimTexts {
  return TEXTS[language];
}

/** Whether the catalogue has a text of this name. */
export function isClaimText(key: string): key is ClaimTextKey {
  return Object.hasOwn(CATALOGUE, key);
}
