import type { Brand } from '../port';

/** Sources: README of this folder, "What the recipient is told". */
export const brand: Brand = {
  tile: { letters: 'Po', colour: '#a14f00' },
  registerUrl: 'https://ejoica.jp/pontapoint/',
  groupBy: 4,
  text: {
    ja: {
      codeName: 'Pontaポイント コード',
      needs: 'Ponta会員IDとログイン',
      usable: '登録すると通常はすぐにポイントになります',
      open: 'Pontaポイントに登録する',
      steps: [
        '上のボタンで登録のページを開き、ログインします',
        'コードがまだ入っていなければ、貼り付けます',
        '画面に出たPonta会員IDがご自分のものか確かめて、登録します',
      ],
      notes: [
        'コードの有効期限までに登録してください。',
        'ポイントは、確認画面に出たPonta会員IDに加わります。あとから取り消すことはできません。',
        '1ポイントは1円分です。',
        'キャンセル、換金、払い戻し、再発行はできません。',
        '日本国外からは登録のページを開けません。',
        'コードの紛失や漏えいについて、発行者は責任を負いません。',
        '必要なログインの方法は変わることがあります。登録のページの案内をご覧ください。',
      ],
      issuer: '株式会社NTTカードソリューション',
      legal: [
        '「Ponta」は、株式会社ロイヤリティ マーケティングの登録商標です。',
        'Pontaポイント コードは、株式会社ロイヤリティ マーケティングの許諾を得て、株式会社NTTカードソリューションが発行しています。',
        'ご案内：https://atgift.jp/user/item/pontapointcode/',
      ],
    },
    en: {
      codeName: 'Ponta Point Code',
      needs: 'A Ponta member ID and its login',
      usable: 'Normally as soon as you register it',
      open: 'Register for Ponta points',
      steps: [
        'Open the registration page with the button above and log in',
        'Paste the code if it is not filled in yet',
        'Check that the Ponta member ID shown is yours, then register',
      ],
      notes: [
        'Please register before the code expires.',
        'The points go to the Ponta member ID shown on the confirmation screen. This cannot be undone.',
        'One point is worth one yen.',
        'It cannot be cancelled, exchanged for cash, refunded or issued again.',
        'The registration page cannot be reached from outside Japan.',
        'The issuer is not liable for lost or leaked codes.',
        'The way to log in may change; please follow the registration page.',
      ],
      issuer: 'NTT Card Solution Corp. (株式会社NTTカードソリューション)',
      legal: [
        'Ponta is a registered trademark of Loyalty Marketing, Inc.',
        'The Ponta Point Code is issued by NTT Card Solution Corp. under licence from Loyalty Marketing, Inc.',
        'Information (Japanese): https://atgift.jp/user/item/pontapointcode/',
      ],
    },
  },
};
