/** A page that is answered before the pages' own code is reached, in both languages at once. */
export interface PlainPage {
  readonly status: number;
  readonly ja: { readonly title: string; readonly text: string };
  readonly en: { readonly title: string; readonly text: string };
}

/** Each says what happened, what is safe, what to do. */
export const PLAIN_PAGES = {
  badRequest: {
    status: 400,
    ja: {
      title: '読み取れないアドレスです',
      text: '残額や交換の内容は変わっていません。お手元のメールまたはSMSのリンクを、もう一度開いてください。',
    },
    en: {
      title: 'This address cannot be read',
      text: 'Your balance and your choices have not changed. Please open the link in your mail or SMS again.',
    },
  },
  notFound: {
    status: 404,
    ja: {
      title: 'ページが見つかりません',
      text: '残額や交換の内容は変わっていません。お手元のメールまたはSMSのリンクを、もう一度開いてください。',
    },
    en: {
      title: 'There is no such page',
      text: 'Your balance and your choices have not changed. Please open the link in your mail or SMS again.',
    },
  },
  wrongMethod: {
    status: 405,
    ja: {
      title: 'この操作は受け付けていません',
      text: '残額や交換の内容は変わっていません。前の画面に戻るか、メールまたはSMSのリンクをもう一度開いてください。',
    },
    en: {
      title: 'This operation is not available',
      text: 'Nothing has changed. Please go back, or open the link in your mail or SMS again.',
    },
  },
  needsLength: {
    status: 411,
    ja: { title: '送信の形式が正しくありません', text: '何も記録されていません。前の画面に戻り、もう一度お試しください。' },
    en: { title: 'The form was sent in an unexpected way', text: 'Nothing was recorded. Please go back and try again.' },
  },
  tooLarge: {
    status: 413,
    ja: {
      title: '送信された内容が大きすぎます',
      text: '何も記録されていません。前の画面に戻り、入力を短くしてからもう一度お試しください。',
    },
    en: { title: 'What was sent is too large', text: 'Nothing was recorded. Please go back, shorten what you entered and try again.' },
  },
  ourFailure: {
    status: 500,
    ja: {
      title: 'ただいま画面を表示できません',
      text: '残額は守られています。受け付けた交換が失われることも、二重になることもありません。数分後に、メールまたはSMSのリンクをもう一度開いてください。',
    },
    en: {
      title: 'This page cannot be shown just now',
      text: 'Your balance is safe: nothing that was accepted is lost or done twice. Please open the link in your mail or SMS again in a few minutes.',
    },
  },
} as const satisfies Record<string, PlainPage>;
