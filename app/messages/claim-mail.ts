import type { Bilingual } from '../domain/campaign';
import { claimTextsIn } from '../i18n/claim';
import type { Language } from '../i18n/make-texts';
import { type MailText, mailPage } from './mail';
import { escapeHtml, oneLine } from './plain';

export interface ClaimMailFacts {
  readonly purpose: 'prove' | 'number';
  readonly language: Language;
  /** As it is read aloud. */
  readonly number: string;
  /** Where the address is proven. */
  readonly link: string;
  readonly office: Bilingual;
  readonly tel: string;
}

/** A mail to an applicant. Nobody has proven the address yet: it greets no name and says nothing of the claim but its number. */
export function claimMailOf(facts: ClaimMailFacts): MailText {
  const c = claimTextsIn(facts.language);
  const subject = c(`mail.${facts.purpose}.subject`);
  const prove = facts.purpose === 'prove';
  const blocks = [
    [c(`mail.${facts.purpose}.text`)],
    [c('mail.number', { number: facts.number })],
    prove ? [c('mail.link'), facts.link] : [],
    [c('mail.stranger')],
    [c('mail.help', { tel: facts.tel })],
    [oneLine(c.own(facts.office))],
  ].filter((block) => block.length > 0);
  const text = `${blocks.map((block) => block.join('\n')).join('\n\n')}\n`;
  const line = (words: string) =>
    words === facts.link ? `<a href="${escapeHtml(words)}" style="color:#0017c1">${escapeHtml(words)}</a>` : escapeHtml(words);
  const body = blocks.map((block) => `<p style="margin:0 0 20px">${block.map(line).join('<br>')}</p>`).join('');
  return { subject, text, html: mailPage(facts.language, subject, body) };
}
