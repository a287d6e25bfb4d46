import { lastMoment } from '../domain/deadline';
import { formatDay, formatMoment } from '../i18n/format';
import type { MessageFacts } from './facts';
import { oneLine } from './plain';
import { yenText } from './words';

/** What stands on one letter (A4), as data. */
export interface Letter {
  /** The person, as written in our records. */
  readonly name: string;
  readonly number: string;
  readonly date: string;
  readonly office: string;
  readonly subject: string;
  readonly lead: readonly string[];
  /** Label and value. */
  readonly facts: readonly (readonly [label: string, value: string])[];
  readonly link: string;
  readonly how: readonly string[];
  readonly real: readonly string[];
  readonly help: readonly string[];
  /** The same in a few lines of English, at the foot. */
  readonly english: readonly string[];
}

export interface LetterFacts extends Omit<MessageFacts, 'purpose' | 'language' | 'open' | 'checkUrl'> {
  readonly number: string;
  readonly link: string;
  readonly phrase: string;
  readonly writtenAt: Date;
}

/** Makes the letter for somebody whom neither mail nor SMS reached: Japanese, with the essence in English. */
export function letterOf(facts: LetterFacts): Letter {
  const until = lastMoment(facts.deadlineAt);
  const programme = oneLine(facts.programme.ja);
  const centre = facts.callCentre;
  return {
    name: oneLine(facts.name ?? '受取人'),
    number: facts.number,
    date: formatDay('ja', facts.writtenAt),
    office: oneLine(facts.office.ja),
    subject: `${programme}　受け取りのご案内`,
    lead: [
      `${programme}により、${yenText('ja', facts.yen)}を、ポイントなどでお渡しします。`,
      'メールやSMSではお届けできなかったため、郵便でご案内いたします。',
    ],
    facts: [
      ['受け取れる金額', yenText('ja', facts.yen)],
      ['受取期限', formatMoment('ja', until)],
      ['付与番号', facts.number],
    ],
    link: facts.link,
    how: [
      '1. 右のQRコードを、スマートフォンのカメラで読み取ります。',
      '2. 画面の金額を確かめ、受け取り方法を選びます。',
      '3. 表示されたギフトコードを、選んだサービスで登録します。',
      'QRコードを読み取れないときは、下のアドレスを入力してください。',
    ],
    real: [
      `QRコードで開いたページに、合言葉「${facts.phrase}」が表示されることをお確かめください。`,
      'この用紙のアドレスは、あなた専用です。ほかの人に見せたり渡したりしないでください。',
      '事務局が、暗証番号やカード番号、手数料をお尋ねすることはありません。',
    ],
    help: [
      `${oneLine(centre.name.ja)}　${oneLine(centre.tel)}（${oneLine(centre.hours.ja)}）`,
      'スマートフォンをお持ちでない方、操作にお困りの方も、お電話ください。付与番号をお伝えいただくと早くご案内できます。',
    ],
    english: [
      `${oneLine(facts.office.en)}: you can receive ${yenText('en', facts.yen)} until ${formatMoment('en', until)}.`,
      `Scan the QR code or open the address above, and choose how to receive it. Questions: ${oneLine(centre.tel)} (${oneLine(centre.hours.en)}).`,
    ],
  };
}
