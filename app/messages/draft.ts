import type { MessageChannel, MessageLanguage, MessagePurpose } from '../domain/message';
import { lackingPlaces, PLACES, type PlaceValues, type TextTemplate } from '../domain/text-template';
import type { MessageFacts } from './facts';
import { valuesOf, writeMessage } from './own-text';

/** Values that stand nowhere else in a text, so that each can be found again. */
const MARKED: Omit<MessageFacts, 'purpose' | 'language' | 'link' | 'phrase' | 'stopLink' | 'name'> = {
  programme: { ja: '［事業］', en: '[programme]' },
  office: { ja: '［事務局］', en: '[office]' },
  callCentre: {
    name: { ja: '［窓口］', en: '[call centre]' },
    tel: '0000-000-001',
    hours: { ja: '［受付時間］', en: '[hours]' },
  },
  senders: { mail: 'sender@sender.invalid', sms: '0000-000-002' },
  yen: 987_654_321n,
  deadlineAt: new Date('2097-12-29T00:00:00+09:00'),
  open: true,
  checkUrl: 'https://check.invalid/check',
};

/** The portal's own text with places, for the office to begin with when it writes its own. */
export function draftOf(purpose: MessagePurpose, channel: MessageChannel, language: MessageLanguage): TextTemplate {
  const bears = purpose !== 'address_changed_old';
  // In an SMS the sum stands on the line of the link, which may not be left out for want of it.
  const isWithoutSum = channel === 'sms' && lackingPlaces(purpose).includes('amount');
  const facts: MessageFacts = {
    ...MARKED,
    ...(isWithoutSum ? { yen: 0n } : {}),
    purpose,
    language,
    name: bears ? '［氏名］' : null,
    link: bears ? 'https://link.invalid/r/0000000000000000000000' : null,
    phrase: bears ? '［合言葉］' : null,
    stopLink: purpose === 'reminder' ? 'https://stop.invalid/stop/0' : null,
  };
  const values = valuesOf(facts);
  const { subject, text } = writeMessage(facts, channel, null);
  const marked = (words: string) => unmark(withoutOthers(words, language), values);
  return { subject: subject === null ? null : marked(subject), body: marked(text).trim() };
}

/** The sender and the name of the call centre have no place of their own: a line with them is left to the office. */
function withoutOthers(text: string, language: MessageLanguage): string {
  return text
    .split('\n')
    .map((line) => line.replaceAll(`${MARKED.callCentre.name[language]} `, ''))
    .filter((line) => !line.includes('sender.invalid') && !line.includes('https://link.invalid で'))
    .join('\n');
}

/** Puts the places where their values came out; the longest first, since one may stand within another. */
function unmark(text: string, values: PlaceValues): string {
  const found = PLACES.flatMap((place) => (values[place] ? [[place, values[place]] as const] : []));
  return found
    .sort((a, b) => b[1].length - a[1].length)
    .reduce((words, [place, value]) => words.replaceAll(value, `{${place}}`), text.replaceAll('987654321 yen', '{amount}'));
}
