import type { Brand } from '../port';

/** Sources: README of this folder, "What the recipient is told". */
export const brand: Brand = {
  tile: { letters: 'Pa', colour: '#b4122b' },
  groupBy: 4,
  text: {
    ja: {
      codeName: 'PayPayポイントコード',
      needs: 'PayPayアプリ',
      usable: '受け取るとすぐ使えます。コードには期限があります',
      open: 'PayPayを開いて受け取る',
      steps: ['上のボタンでPayPayを開きます', '開かないときは、PayPayアプリでコードを入力します', '金額を確かめて受け取ります'],
      notes: [
        'コードの有効期限を過ぎると、受け取れません。',
        '受け取るまでは、PayPayアプリに表示されません。コードはどのアカウントにも結びついていないので、ほかの人に見せないでください。',
        '1つのアカウントで受け取れる回数に上限があることがあります。',
        '一度受け取ったコードは、もう使えません。',
        'PayPayポイントは、出金と譲渡ができません。',
      ],
      issuer: 'PayPay株式会社',
      legal: ['PayPayは、PayPay株式会社のサービスです。'],
    },
    en: {
      codeName: 'PayPay Point Code',
      needs: 'The PayPay app',
      usable: 'As soon as you receive it; the code has an expiry date',
      open: 'Open PayPay and receive',
      steps: [
        'Open PayPay with the button above',
        'If it does not open, enter the code in the PayPay app',
        'Check the amount and receive it',
      ],
      notes: [
        'After its expiry date the code can no longer be received.',
        'The app does not show the code before you receive it. It is not tied to any account, so please do not show it to anyone.',
        'The number of codes that one account can receive may be limited.',
        'A code that has been received cannot be used again.',
        'PayPay Points cannot be withdrawn or transferred.',
      ],
      issuer: 'PayPay Corporation (PayPay株式会社)',
      legal: ['PayPay is a service of PayPay Corporation.'],
    },
  },
};
