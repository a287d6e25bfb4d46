import { type CountedMessage, renderMessages } from '../components/outbox-page';
import { sendersFor } from '../domain/campaign';
import { isBeforeDeadline } from '../domain/deadline';
import { segments } from '../domain/segments';
import { writeMessage } from '../messages/own-text';
import { sampleFacts } from '../messages/sample';
import { findTextPage } from '../views/message-texts';
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
  const query = new URLSearchParams(visit.url.search);
  query.set('lang', t('frame.otherCode'));
  const frame = {
    t,
    nonce: context.nonce,
    title: t(`campaign.preview.page.${purpose}`),
    lead: t('campaign.preview.messages'),
    otherLanguage: `?${query}`,
    rehearsal: t('frame.rehearsal', { moment: t.moment(at) }),
  };
  const html = renderMessages(frame, messages);
  return new Response(html, { headers: { 'content-type': 'text/html; charset=utf-8', 'content-language': language } });
}
