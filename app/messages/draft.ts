import { bearsLink, type MessageChannel } from '../domain/message';
import { PLACES, type PlaceValues, type TextTemplate } from '../domain/text-template';
import type { MessageFacts } from './facts';
import { mailOf } from './mail';
import { valuesOf } from './own-text';
import { isShortSms, smsOf } from './sms';

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

/**
 * The portal's own text with places, for the office to begin with when it writes its own: filled for somebody with a sum
 * to receive it is, to the letter, what is sent without one. Which form of an SMS that is, `sample` says.
 */
export function draftOf(sample: MessageFacts, channel: MessageChannel): TextTemplate {
  const { purpose, language } = sample;
  const bears = bearsLink(purpose);
  const facts: MessageFacts = {
    ...MARKED,
    purpose,
    language,
    name: bears ? '［氏名］' : null,
    link: bears ? 'https://link.invalid/r/0000000000000000000000' : null,
    phrase: bears ? '［合言葉］' : null,
    stopLink: purpose === 'reminder' ? 'https://stop.invalid/stop/0' : null,
  };
  const values = valuesOf(facts, channel);
  const { subject, text } = channel === 'mail' ? mailOf(facts) : { subject: null, text: smsOf(facts, isShortSms(sample)) };
  return { subject: subject === null ? null : unmark(subject, values), body: unmark(text, values).trim() };
}

/** Puts the places where their values came out; the longest first, since one may stand within another. */
function unmark(text: string, values: PlaceValues): string {
  const found = PLACES.flatMap((place) => (values[place] ? [[place, values[place]] as const] : []));
  return found.sort((a, b) => b[1].length - a[1].length).reduce((words, [place, value]) => words.replaceAll(value, `{${place}}`), text);
}
