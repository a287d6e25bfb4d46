import type { Brand } from '../port';

/** Sources: README of this folder, "What the recipient is told". */
export const brand: Brand = {
  tile: { letters: 'na', colour: '#2d6a33' },
  registerUrl: 'https://www.nanaco-net.jp/',
  groupBy: 4,
  text: {
    ja: {
      codeName: 'nanacoギフトID',
      needs: 'nanacoカードかアプリ',
      usable: '正午までの登録で、翌日6時から受け取れます',
      open: 'nanacoに登録する',
      steps: [
        '上のボタンで会員メニューを開き、nanaco番号でログインします',
        '「nanacoギフト登録」をえらび、約款を読んで同意します',
        'ギフトIDを確かめて登録します。IDは4文字ずつ4つに分けて入力します',
        '受け取れる時刻になったら、セブン-イレブン、デニーズ、イトーヨーカドーなどのお店、セブン銀行ATM、またはアプリで、残高確認かチャージをします',
      ],
      notes: [
        '正午を過ぎて登録したときと、nanacoに入会した日に登録したときは、翌々日の6時から受け取れます。',
        'ログインには、パスワードまたはカードに書かれた7桁の番号も必要です。',
        'IDの有効期限までに登録してください。期限の延長と払い戻しはできません。',
        'nanacoギフトを使えるインターネットのお店では、登録せずにIDで支払えます。使い切るまでIDを保管してください。',
        'キャンセル、換金、再発行はできません。',
        '日本国外からは登録のページを開けません。',
        'お問い合わせのときは、管理番号をお伝えください。',
      ],
      issuer: '株式会社NTTカードソリューション',
      legal: [
        '「nanaco」は、株式会社セブン・カードサービスの商標です。',
        'nanacoギフトは、株式会社セブン・カードサービスの許諾を得て、株式会社NTTカードソリューションが発行しています。',
        '約款は、会員メニューの「nanacoギフト登録」で読めます。',
      ],
    },
    en: {
      codeName: 'nanaco Gift ID',
      needs: 'A nanaco card or app',
      usable: 'From 6:00 the next day if you register by noon',
      open: 'Register with nanaco',
      steps: [
        'Open the member menu with the button above and log in with your nanaco number',
        'Choose "nanacoギフト登録" (gift registration), read the terms and agree',
        'Check the gift ID and register; it is entered in four groups of four characters',
        "From the time given below, check your balance or charge at 7-Eleven, Denny's, Ito-Yokado or another shop, at a Seven Bank ATM, or in the app",
      ],
      notes: [
        'If you register after noon, or on the day you joined nanaco, you can receive it from 6:00 two days later.',
        'To log in you also need your password or the 7-digit number printed on the card.',
        'Please register before the ID expires. The date cannot be extended and nothing is refunded.',
        'Online shops that take nanaco Gift accept the ID without registration. Keep the ID until it is used up.',
        'It cannot be cancelled, exchanged for cash or issued again.',
        'The registration page cannot be reached from outside Japan.',
        'When you ask for help, please give the management number.',
      ],
      issuer: 'NTT Card Solution Corp. (株式会社NTTカードソリューション)',
      legal: [
        'nanaco is a trademark of Seven Card Service Co., Ltd.',
        'nanaco Gift is issued by NTT Card Solution Corp. under licence from Seven Card Service Co., Ltd.',
        'The terms can be read in the member menu under "nanacoギフト登録".',
      ],
    },
  },
};
