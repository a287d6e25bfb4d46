import { lastMoment } from '../domain/deadline';
import type { MessagePurpose } from '../domain/message';
import { digits, formatMoment, YEN_SIGNS } from '../i18n/format';
import type { MessageFacts } from './facts';
import { oneLine } from './plain';

/** The words of a message in its language. */
export interface Words {
  readonly subject: string;
  /** What happened, one sentence each. */
  readonly what: readonly string[];
  /** Label and value. */
  readonly facts: readonly (readonly [label: string, value: string])[];
  /** What to do with the link, above it. */
  readonly invite: string | null;
  /** How to tell that it is real. */
  readonly real: readonly string[];
  readonly help: readonly string[];
}

const ROOMS = {
  ja: {
    yen: '受け取れる金額',
    codeYen: '金額',
    deadline: '受取期限',
    invite: 'あなた専用の受取ページ（他の人に見せたり、転送したりしないでください）',
    unknown: 'お心当たりがない場合は、すぐに下のコールセンターへお知らせください。',
  },
  en: {
    yen: 'Amount to receive',
    codeYen: 'Amount',
    deadline: 'Receive it by',
    invite: 'Your personal page (do not show or forward it to anybody)',
    unknown: 'If you did not ask for this, tell the call centre below at once.',
  },
} as const;

/** An amount as the language writes it. */
export function yenText(language: 'ja' | 'en', yen: bigint): string {
  const [before, after] = YEN_SIGNS[language];
  return `${before}${digits(yen)}${after}`;
}

/** The words of a mail. */
export function wordsOf(facts: MessageFacts): Words {
  const { language, purpose, callCentre } = facts;
  const own = { programme: oneLine(facts.programme[language]), office: oneLine(facts.office[language]) };
  const room = ROOMS[language];
  const yen = yenText(language, facts.yen);
  const deadline = formatMoment(language, lastMoment(facts.deadlineAt));
  const { subject, what } = language === 'ja' ? sayInJapanese(facts, own) : sayInEnglish(facts, own);
  const amount: [string, string][] =
    purpose === 'address_changed_old' || facts.yen === 0n ? [] : [[isAboutCode(purpose) ? room.codeYen : room.yen, yen]];
  const until: [string, string][] = purpose === 'address_changed_old' || isAboutCode(purpose) ? [] : [[room.deadline, deadline]];
  const help = `${oneLine(callCentre.name[language])} ${oneLine(callCentre.tel)}`;
  return {
    subject,
    what: [...what, ...(purpose.startsWith('address_changed') ? [room.unknown] : [])],
    facts: [...amount, ...until],
    invite: facts.link ? room.invite : null,
    real: [...realness({ language, sender: facts.senders.mail, link: facts.link }), ...checking(facts)],
    help: [help, oneLine(callCentre.hours[language])],
  };
}

function isAboutCode(purpose: MessagePurpose): boolean {
  return purpose === 'code_ready' || purpose === 'code_failed' || purpose === 'reissued';
}

/** How to tell a genuine mail by its sender and by how its link begins. */
export function realness({ language, sender, link }: Pick<MessageFacts, 'language' | 'link'> & { readonly sender: string }): string[] {
  const host = link ? hostOf(link) : null;
  return language === 'ja'
    ? [
        `差出人が ${oneLine(sender)} であること${host ? `、リンクが ${host} で始まること` : ''}をお確かめください。`,
        '暗証番号、カード番号、口座番号をおたずねすることはありません。手数料もかかりません。',
        'ご不安なときは、リンクを開かず、コールセンターにお電話ください。',
      ]
    : [
        `It is real only if it comes from ${oneLine(sender)}${host ? ` and the link begins with ${host} (check both).` : ' (check it).'}`,
        'We never ask for a PIN, a card number or a bank account, and there is no fee.',
        'If in doubt, do not open the link and call us.',
      ];
}

/** How to check without opening the link. */
function checking({ language, phrase, checkUrl }: MessageFacts): string[] {
  if (!phrase) return [];
  return language === 'ja'
    ? [
        `このご案内の合言葉は「${phrase}」です。受取ページにも同じ合言葉が表示されます。`,
        `リンクを開かずに確かめるには ${checkUrl} に合言葉を入力してください。`,
      ]
    : [
        `The phrase of this message is “${phrase}”. Your page shows the same one.`,
        `To check it without opening the link, type the phrase at ${checkUrl}`,
      ];
}

/** "https://uketori.example.jp": what a genuine link begins with. */
export function hostOf(link: string): string {
  return new URL(link).origin;
}

interface Own {
  readonly programme: string;
  readonly office: string;
}
type Say = (facts: MessageFacts, own: Own) => { readonly subject: string; readonly what: readonly string[] };

const sayInJapanese: Say = (facts, { programme, office }) => {
  const yen = yenText('ja', facts.yen);
  const deadline = formatMoment('ja', lastMoment(facts.deadlineAt));
  const head = (text: string) => `【${office}】${text}`;
  switch (facts.purpose) {
    case 'resend':
      return {
        subject: head('受取ページのご案内（再送）'),
        what: [
          `「${programme}」の受取ページを、あらためてお送りします。`,
          facts.open ? '前にお送りしたものと同じページです。' : '受取期限は過ぎていますが、受け取ったギフトコードはご覧になれます。',
        ],
      };
    case 'address_changed_old':
      return {
        subject: head('送り先を変更しました'),
        what: [
          `「${programme}」のご案内の送り先を、お申し出により別の宛先に変更しました。`,
          'これまでにこの宛先へお送りした受取ページは、もう使えません。',
        ],
      };
    case 'address_changed_new':
      return {
        subject: head('送り先の変更と受取ページのご案内'),
        what: [
          `「${programme}」のご案内の送り先を、この宛先に変更しました。`,
          '前の受取ページは使えません。下の新しいページをお使いください。',
        ],
      };
    case 'code_ready':
      return {
        subject: head('ギフトコードの準備ができました'),
        what: [`「${programme}」のギフトコード（${yen}分）の準備ができました。受取ページでご覧ください。`],
      };
    case 'code_failed':
      return {
        subject: head('別の受け取り方法をお選びください'),
        what: [
          `「${programme}」のギフトコード（${yen}分）を、選ばれた交換先で発行できませんでした。申し訳ございません。`,
          facts.open
            ? `この${yen}はなくなっていません。${deadline} までに、受取ページで別の受け取り方法をお選びください。`
            : `この${yen}はなくなっていません。期限内にお申し込みいただいたため、いまも別の受け取り方法をお選びになれます。`,
        ],
      };
    case 'reissued':
      return {
        subject: head('ギフトコードを再発行しました'),
        what: [
          `「${programme}」のギフトコード（${yen}分）を、新しく発行し直しました。`,
          '前のギフトコードは使えません。新しいコードは受取ページでご覧ください。',
        ],
      };
    case 'deadline_extended':
      return {
        subject: head('受取期限を延ばしました'),
        what: [`「${programme}」のあなたの受取期限を ${deadline} まで延ばしました。`],
      };
    case 'invitation':
      return {
        subject: head(`${yen}のお受け取りのご案内`),
        what: [
          `「${programme}」により、あなたは${yen}をお受け取りになれます。`,
          `下のあなた専用の受取ページで、${deadline} までに交換先をお選びください。期限を過ぎると受け取れません。`,
        ],
      };
    case 'reminder':
      return {
        subject: head('お受け取りはお済みですか'),
        what: [
          `「${programme}」の${yen}が、まだ受け取られていません。`,
          `受取期限は ${deadline} です。期限を過ぎると受け取れません。`,
          '行き違いでお済みのときは、ご容赦ください。',
        ],
      };
  }
};

const sayInEnglish: Say = (facts, { programme, office }) => {
  const yen = yenText('en', facts.yen);
  const deadline = formatMoment('en', lastMoment(facts.deadlineAt));
  const head = (text: string) => `[${office}] ${text}`;
  switch (facts.purpose) {
    case 'resend':
      return {
        subject: head('Your page, sent again'),
        what: [
          `Here is your page of “${programme}” once more.`,
          facts.open
            ? 'It is the same page as before.'
            : 'The time to choose has ended, but the gift codes you received can still be seen there.',
        ],
      };
    case 'address_changed_old':
      return {
        subject: head('Your address was changed'),
        what: [
          `As requested, messages of “${programme}” now go to another address.`,
          'The page that was sent to this address can no longer be used.',
        ],
      };
    case 'address_changed_new':
      return {
        subject: head('Your new address and your page'),
        what: [`Messages of “${programme}” now come to this address.`, 'The former page no longer works. Please use the new one below.'],
      };
    case 'code_ready':
      return {
        subject: head('Your gift code is ready'),
        what: [`Your gift code of “${programme}” (${yen}) is ready. You can see it on your page.`],
      };
    case 'code_failed':
      return {
        subject: head('Please choose another way to receive it'),
        what: [
          `The gift code of “${programme}” (${yen}) could not be issued by the provider you chose. We are sorry.`,
          facts.open
            ? `The ${yen} are not gone. Please choose another way on your page by ${deadline}.`
            : `The ${yen} are not gone. You had chosen in time, so you can still choose another way on your page.`,
        ],
      };
    case 'reissued':
      return {
        subject: head('Your gift code was issued anew'),
        what: [
          `Your gift code of “${programme}” (${yen}) was issued anew.`,
          'The former code no longer works. You can see the new one on your page.',
        ],
      };
    case 'deadline_extended':
      return {
        subject: head('You have more time'),
        what: [`You can now choose in “${programme}” until ${deadline}.`],
      };
    case 'invitation':
      return {
        subject: head(`Receive your ${yen}`),
        what: [
          `In “${programme}” you can receive ${yen}.`,
          `Choose what to take on your personal page below by ${deadline}. After that it can no longer be received.`,
        ],
      };
    case 'reminder':
      return {
        subject: head('Your money is still waiting'),
        what: [
          `${yen} of “${programme}” have not been received yet.`,
          `The last moment is ${deadline}. After that they can no longer be received.`,
          'If you have done so meanwhile, please ignore this.',
        ],
      };
  }
};
