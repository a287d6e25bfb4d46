import { lastMoment } from '../domain/deadline';
import { bearsLink, type MessageChannel } from '../domain/message';
import { fillLines, fillText, lackingPlaces, type PlaceValues, type TextTemplate } from '../domain/text-template';
import { formatMoment, formatMonthDay, formatTime } from '../i18n/format';
import type { MessageFacts } from './facts';
import { type MailText, mailOf, mailPage } from './mail';
import { escapeHtml, greetableName, oneLine } from './plain';
import { smsOf, smsYen } from './sms';
import { hostOf, yenText } from './words';

/** What is sent: a mail, or an SMS, which has neither subject nor HTML. */
export type WrittenMessage = MailText | { readonly subject: null; readonly text: string; readonly html: null };

/** Writes a message by the office's own text, or, where there is none, as the portal does. */
export function writeMessage(facts: MessageFacts, channel: MessageChannel, own: TextTemplate | null): WrittenMessage {
  if (channel === 'sms') return { subject: null, text: own ? fillText(own.body, valuesOf(facts, 'sms')) : smsOf(facts), html: null };
  if (!own) return mailOf(facts);
  const values = valuesOf(facts);
  return {
    subject: oneLine(fillText(own.subject ?? '', values)),
    text: `${fillText(own.body, values)}\n`,
    html: htmlOf(facts, own, values),
  };
}

/** Whether a message says something and has every link that its purpose is for. */
export function isWhole({ subject, text }: WrittenMessage, { purpose, link, stopLink }: MessageFacts): boolean {
  const links = [...(bearsLink(purpose) ? [link] : []), ...(purpose === 'reminder' ? [stopLink] : [])];
  return subject !== '' && text.trim() !== '' && links.every((each) => each && text.includes(each));
}

/** What the places of a text become for these facts. */
export function valuesOf(facts: MessageFacts, channel: MessageChannel = 'mail'): PlaceValues {
  const { language, callCentre } = facts;
  const last = lastMoment(facts.deadlineAt);
  const sumOf = channel === 'sms' ? smsYen : yenText;
  return {
    name: greetableName(facts.name),
    office: oneLine(facts.office[language]),
    programme: oneLine(facts.programme[language]),
    amount: facts.yen > 0n || !lackingPlaces(facts.purpose).includes('amount') ? sumOf(language, facts.yen) : null,
    deadline: formatMoment(language, last),
    day: formatMonthDay(last),
    time: formatTime(last),
    link: facts.link,
    phrase: facts.phrase,
    check: facts.checkUrl,
    sender: oneLine(facts.senders[channel]),
    host: facts.link ? hostOf(facts.link) : null,
    centre: oneLine(callCentre.name[language]),
    tel: oneLine(callCentre.tel),
    hours: oneLine(callCentre.hours[language]),
    stop: facts.stopLink ?? null,
  };
}

const LINKS = ['link', 'stop', 'check'];

/** Everything is text but our own three addresses. */
function htmlOf(facts: MessageFacts, own: TextTemplate, values: PlaceValues): string {
  const lines = fillLines(own.body, values).map((pieces) =>
    pieces
      .map(({ text, place }) => {
        const words = escapeHtml(text);
        return place && LINKS.includes(place) ? `<a href="${words}" style="color:#0017c1">${words}</a>` : words;
      })
      .join(''),
  );
  const paragraphs = lines
    .join('\n')
    .split(/\n{2,}/)
    .filter((text) => text.trim() !== '')
    .map((text) => `<p style="margin:0 0 20px">${text.trim().replaceAll('\n', '<br>')}</p>`);
  return mailPage(facts.language, oneLine(fillText(own.subject ?? '', values)), paragraphs.join(''));
}
