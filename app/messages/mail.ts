import type { MessageLanguage } from '../domain/message';
import type { MessageFacts } from './facts';
import { escapeHtml, greetableName, oneLine } from './plain';
import { type Words, wordsOf } from './words';

/** A mail as text and as the same in HTML. */
export interface MailText {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

const LABELS = {
  ja: {
    dear: (name: string) => `${name} 様`,
    real: 'このメールが本物か確かめるには',
    help: 'お問い合わせ',
    stop: '期限前のお知らせを止める',
  },
  en: { dear: (name: string) => `Dear ${name},`, real: 'How to tell that this is real', help: 'Questions', stop: 'Stop these reminders' },
} as const;

/** Makes the mail. */
export function mailOf(facts: MessageFacts): MailText {
  const words = wordsOf(facts);
  return { subject: words.subject, text: textOf(facts, words), html: htmlOf(facts, words) };
}

function textOf(facts: MessageFacts, words: Words): string {
  const label = LABELS[facts.language];
  const name = greetableName(facts.name);
  const blocks = [
    name ? [label.dear(name)] : [],
    words.what,
    words.facts.map(([what, value]) => `${what}${facts.language === 'ja' ? '：' : ': '}${value}`),
    facts.link && words.invite ? [`${words.invite}${facts.language === 'ja' ? '：' : ':'}`, facts.link] : [],
    facts.stopLink ? [`${label.stop}${facts.language === 'ja' ? '：' : ':'}`, facts.stopLink] : [],
    [`■ ${label.real}`, ...words.real],
    [`■ ${label.help}`, ...words.help],
    [oneLine(facts.office[facts.language]), oneLine(facts.programme[facts.language])],
  ];
  return `${blocks
    .filter((block) => block.length > 0)
    .map((block) => block.join('\n'))
    .join('\n\n')}\n`;
}

/** No pictures, no styles from elsewhere, no tracking; the link reads as what it is. */
function htmlOf(facts: MessageFacts, words: Words): string {
  const { language, link } = facts;
  const label = LABELS[language];
  const name = greetableName(facts.name);
  const paragraph = (lines: readonly string[], style = 'margin:0 0 20px') =>
    lines.length > 0 ? `<p style="${style}">${lines.map(escapeHtml).join('<br>')}</p>` : '';
  const small = 'margin:0 0 20px;font-size:14px;color:#4d4d4d';
  const rows = words.facts.map(
    ([what, value]) =>
      `<tr><th style="padding:4px 16px 4px 0;text-align:left;font-weight:normal;color:#4d4d4d">${escapeHtml(what)}</th><td style="padding:4px 0;font-weight:bold">${escapeHtml(value)}</td></tr>`,
  );
  const body = [
    name ? paragraph([label.dear(name)]) : '',
    paragraph(words.what),
    rows.length > 0 ? `<table role="presentation" style="margin:0 0 20px;border-collapse:collapse">${rows.join('')}</table>` : '',
    link && words.invite
      ? `<p style="margin:0 0 20px">${escapeHtml(words.invite)}<br><a href="${escapeHtml(link)}" style="color:#0017c1">${escapeHtml(link)}</a></p>`
      : '',
    facts.stopLink
      ? `<p style="${small}">${escapeHtml(label.stop)}<br><a href="${escapeHtml(facts.stopLink)}" style="color:#0017c1">${escapeHtml(facts.stopLink)}</a></p>`
      : '',
    paragraph([`■ ${label.real}`, ...words.real], small),
    paragraph([`■ ${label.help}`, ...words.help], small),
    paragraph([oneLine(facts.office[language]), oneLine(facts.programme[language])], 'margin:0;font-size:14px;color:#4d4d4d'),
  ];
  return mailPage(language, words.subject, body.join(''));
}

/** A mail's HTML around its content: no pictures, no styles from elsewhere. `body` is HTML already. */
export function mailPage(language: MessageLanguage, subject: string, body: string): string {
  return `<!doctype html><html lang="${language}"><head><meta charset="utf-8"><title>${escapeHtml(subject)}</title></head><body style="margin:0;padding:24px;max-width:600px;font:16px/1.7 sans-serif;color:#1a1a1a;background:#ffffff">${body}</body></html>`;
}
