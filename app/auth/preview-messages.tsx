import { type CountedMessage, renderMessages } from '../components/outbox-page';
import { sendersFor } from '../domain/campaign';
import type { ToldState } from '../domain/claim';
import { showClaimNumber } from '../domain/claim-number';
import { claimTimesOf } from '../domain/claim-times';
import { isBeforeDeadline } from '../domain/deadline';
import { segments } from '../domain/segments';
import type { Yen } from '../domain/yen';
import { claimMailOf } from '../messages/claim-mail';
import { writeMessage } from '../messages/own-text';
import { sampleFacts } from '../messages/sample';
import type { ClaimSite } from '../views/claim-site';
import { findTextPage } from '../views/message-texts';
import { SAMPLE_NUMBER, SAMPLE_REASONS } from './preview-claim';
import type { StaffVisit } from './staff-visit';

/** Clearly nobody's. */
const TO = { mail: 'mihon@example.jp', sms: '090-0000-0000' } as const;

/** A message by mail and by SMS as a sample person would get it at a moment, in the office's own words where it has some. */
export async function previewMessages(
  visit: StaffVisit,
  { campaignId, purpose, at }: { campaignId: string; purpose: 'invitation' | 'reminder'; at: Date },
): Promise<Response | null> {
  const { t, context, portal } = visit;
  const { language } = t;
  const messages: CountedMessage[] = [];
  for (const channel of ['mail', 'sms'] as const) {
    const found = await findTextPage(portal, { campaignId, purpose, channel, language }, '');
    if (!found) return null;
    const { settings, person, versions } = found;
    const sample = sampleFacts(person, { settings, purpose, language, publicUrl: context.publicUrl });
    const facts = { ...sample, open: isBeforeDeadline(at, person.deadlineAt) };
    const { subject, text } = writeMessage(facts, channel, versions[0]?.text ?? null);
    const from = { name: settings.office[language], address: sendersFor(settings.senders, purpose)[channel] };
    const parts = segments(text).segments;
    messages.push({
      id: channel,
      at,
      kind: channel,
      to: TO[channel],
      from,
      language,
      purpose,
      subject,
      text,
      segments: parts,
      returned: false,
    });
  }
  return showMessages(visit, { title: t(`campaign.preview.page.${purpose}`), messages, at });
}

/** The mail that tells a sample applicant what their claim came to. */
export function previewClaimMail(
  visit: StaffVisit,
  { site, state, yen, at }: { site: ClaimSite; state: ToldState; yen: Yen; at: Date },
): Response {
  const { t, context } = visit;
  const { language } = t;
  const { office, callCentre, senders } = site.settings;
  const { subject, text } = claimMailOf({
    purpose: state,
    language,
    number: showClaimNumber(SAMPLE_NUMBER),
    office,
    tel: callCentre.tel,
    link: `${context.publicUrl}/claim/status?programme=${site.id}`,
    reason: SAMPLE_REASONS[state] ?? null,
    yen: state === 'approved' ? yen : null,
    times: claimTimesOf(site.settings, { deadlineAt: site.deadlineAt, waveUntil: null, now: at }),
    hours: callCentre.hours,
    sender: senders.mail,
  });
  const from = { name: office[language], address: senders.mail };
  const mail = { id: state, at, kind: 'mail', to: TO.mail, from, language, subject, text, segments: 0, returned: false } as const;
  const title = t(`message.purpose.claim_${state}`);
  return showMessages(visit, { title, messages: [{ ...mail, purpose: `claim_${state}` }], at });
}

function showMessages(
  { t, context, url }: StaffVisit,
  { title, messages, at }: { title: string; messages: readonly CountedMessage[]; at: Date },
): Response {
  const query = new URLSearchParams(url.search);
  query.set('lang', t('frame.otherCode'));
  const frame = {
    t,
    nonce: context.nonce,
    title,
    lead: t('campaign.preview.messages'),
    otherLanguage: `?${query}`,
    rehearsal: t('frame.rehearsal', { moment: t.moment(at) }),
  };
  const html = renderMessages(frame, messages);
  return new Response(html, { headers: { 'content-type': 'text/html; charset=utf-8', 'content-language': t.language } });
}
