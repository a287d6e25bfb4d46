import type { Bilingual } from '../domain/campaign';
import type { ToldState } from '../domain/claim';
import { type ClaimTimes, isTooLate } from '../domain/claim-times';
import type { Yen } from '../domain/yen';
import { type ClaimTexts, claimTextsIn } from '../i18n/claim';
import { claimHeading, claimSentence } from '../i18n/claim-sentence';
import type { Language } from '../i18n/make-texts';
import { type MailText, mailPage } from './mail';
import { escapeHtml, oneLine } from './plain';
import { realness } from './words';

interface Always {
  readonly language: Language;
  /** As it is read aloud. */
  readonly number: string;
  /** Where the address is proven, or how the claim stands is shown. */
  readonly link: string;
  readonly office: Bilingual;
  readonly tel: string;
}
interface Asked extends Always {
  readonly purpose: 'prove' | 'number';
}
/** To a proven address: what the status page says now. */
interface Moved extends Always {
  readonly purpose: ToldState;
  readonly reason: string | null;
  /** What was granted for it; null: nothing yet. */
  readonly yen: Yen | null;
  readonly times: ClaimTimes;
  readonly hours: Bilingual;
  /** From where genuine mails come. */
  readonly sender: string;
}
export type ClaimMailFacts = Asked | Moved;

/** A mail to an applicant. One to an address that nobody has proven greets no name and says nothing of the claim but its number. */
export function claimMailOf(facts: ClaimMailFacts): MailText {
  const c = claimTextsIn(facts.language);
  const subject = c(`mail.${facts.purpose}.subject`);
  const blocks = [[c(`mail.${facts.purpose}.text`)], ...middleOf(c, facts), [oneLine(c.own(facts.office))]];
  const text = `${blocks.map((block) => block.join('\n')).join('\n\n')}\n`;
  const line = (words: string) =>
    words === facts.link ? `<a href="${escapeHtml(words)}" style="color:#0017c1">${escapeHtml(words)}</a>` : escapeHtml(words);
  const body = blocks.map((block) => `<p style="margin:0 0 20px">${block.map(line).join('<br>')}</p>`).join('');
  return { subject, text, html: mailPage(facts.language, subject, body) };
}

function middleOf(c: ClaimTexts, facts: ClaimMailFacts): string[][] {
  const number = [c('mail.number', { number: facts.number })];
  if (!('times' in facts)) {
    const link = facts.purpose === 'prove' ? [[c('mail.link'), facts.link]] : [];
    return [number, ...link, [c('mail.stranger')], [c('mail.help', { tel: facts.tel })]];
  }
  const claim = { state: facts.purpose, reason: facts.reason };
  return [
    [claimHeading(c, claim, facts.times), claimSentence(c, claim, facts.times)],
    ...(facts.purpose === 'approved' ? grantedOf(c, facts) : []),
    [c('mail.centre', { tel: facts.tel, hours: oneLine(c.own(facts.hours)) })],
    number,
    [c('mail.status'), facts.link],
    ...(facts.purpose === 'approved'
      ? [[c('mail.real'), ...realness({ language: facts.language, sender: facts.sender, link: facts.link })]]
      : []),
  ];
}

/** What comes of it, and that nothing is to be done; not once it is too late. */
function grantedOf(c: ClaimTexts, { yen, times }: Moved): string[][] {
  const amount = yen === null ? [] : [[c('mail.approved.yen', { yen: c.yen(yen) })]];
  return [...amount, ...(isTooLate(times) ? [] : [[c('mail.approved.wait'), c('mail.approved.where')]])];
}
