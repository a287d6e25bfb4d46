import type { Brand } from '../port';

/** Sources: README of this folder, "What the recipient is told". */
export const brand: Brand = {
  tile: { letters: 'A', colour: '#3f4f73' },
  registerUrl: 'https://www.amazon.co.jp/giftcard/use',
  // Amazon's own hyphens are part of what is typed.
  groupBy: 0,
  text: {
    ja: {
      codeName: 'ギフトカード番号',
      needs: 'Amazon.co.jpのアカウント',
      usable: 'すぐ使えます・有効期限10年',
      open: 'Amazonを開いて登録する',
      steps: [
        '上のボタンでAmazonを開き、サインインします',
        '番号をハイフンも含めて貼り付けます',
        '登録のボタンを押すと、アカウントに加わります',
      ],
      notes: [
        'ギフトカードの購入と、一部の会費のお支払いには使えません。',
        '換金と払い戻しはできません。',
        '番号の紛失や盗難について、発行者は責任を負いません。番号はほかの人に見せないでください。',
        'Amazonでは、この補償についてのお問い合わせを受け付けていません。',
      ],
      issuer: 'Amazon Gift Cards Japan合同会社',
      legal: [
        'Amazon、Amazon.co.jpおよびそれらのロゴは、Amazon.com, Inc.またはその関連会社の商標です。',
        'ご利用の細則と発行者への連絡先：www.amazon.co.jp/giftcard/tc',
      ],
    },
    en: {
      codeName: 'Gift card number',
      needs: 'An Amazon.co.jp account',
      usable: 'Right away; valid for 10 years',
      open: 'Open Amazon and register',
      steps: [
        'Open Amazon with the button above and sign in',
        'Paste the number, hyphens included',
        'Press the button to register: the amount is added to your account',
      ],
      notes: [
        'It cannot be used to buy gift cards or to pay for some memberships.',
        'It cannot be exchanged for cash or refunded.',
        'The issuer is not liable for lost or stolen numbers. Please do not show yours to anyone.',
        'Amazon does not answer questions about this compensation.',
      ],
      issuer: 'Amazon Gift Cards Japan G.K. (Amazon Gift Cards Japan合同会社)',
      legal: [
        'Amazon, Amazon.co.jp and their logos are trademarks of Amazon.com, Inc. or its affiliates.',
        'Full terms and contact of the issuer: www.amazon.co.jp/giftcard/tc',
      ],
    },
  },
};
