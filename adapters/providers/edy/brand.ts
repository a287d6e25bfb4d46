import type { Brand } from '../port';

/** Sources: README of this folder, "What the recipient is told". */
export const brand: Brand = {
  tile: { letters: 'Ed', colour: '#005a7d' },
  registerUrl: 'https://giftid.edy.jp/',
  groupBy: 4,
  text: {
    ja: {
      codeName: 'EdyギフトID',
      needs: '楽天Edyのカードかアプリ',
      usable: '登録後、60日以内に受け取りが必要です',
      open: 'EdyギフトIDを登録する',
      steps: [
        '上のボタンで登録のページを開きます',
        'EdyギフトIDと、ご自分のEdy番号（16桁）を入力して登録します',
        '登録から60日以内に、Famiポート、楽天Edyアプリ（Android）またはEdyカード用楽天Edyアプリ（iPhone）で受け取ります',
      ],
      notes: [
        'IDの有効期限までに登録してください。',
        '登録から60日以内に受け取らないと、無効になります。',
        '受け取った後のEdyの残高は、50,000円以下になる必要があります。',
        'このIDのままでは、お店のレジで使えません。',
        'キャンセル、換金、再発行はできません。',
        '日本国外からは登録のページを開けません。',
      ],
      issuer: '株式会社NTTカードソリューション',
      legal: [
        'EdyギフトIDは、楽天Edy株式会社の許諾を得て、株式会社NTTカードソリューションが発行しています。',
        '「楽天Edy」は、楽天グループのプリペイド型電子マネーです。',
      ],
    },
    en: {
      codeName: 'Edy Gift ID',
      needs: 'A Rakuten Edy card or app',
      usable: 'After registering, you must receive it within 60 days',
      open: 'Register the Edy Gift ID',
      steps: [
        'Open the registration page with the button above',
        'Enter the Edy Gift ID and your own 16-digit Edy number, and register',
        'Within 60 days, receive it at a Famiport terminal, in the Rakuten Edy app (Android) or in the Rakuten Edy app for Edy cards (iPhone)',
      ],
      notes: [
        'Please register before the ID expires.',
        'It is lost if you do not receive it within 60 days of registering.',
        'Your Edy balance after receiving must be 50,000 yen or less.',
        'The ID itself cannot be used at a till.',
        'It cannot be cancelled, exchanged for cash or issued again.',
        'The registration page cannot be reached from outside Japan.',
      ],
      issuer: 'NTT Card Solution Corp. (株式会社NTTカードソリューション)',
      legal: [
        'The Edy Gift ID is issued by NTT Card Solution Corp. under licence from Rakuten Edy, Inc.',
        'Rakuten Edy is the prepaid electronic money of the Rakuten Group.',
      ],
    },
  },
};
