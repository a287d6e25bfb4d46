import { forEveryone, readOnly, refusalPage } from '../auth/visit';
import { renderOutbox } from '../components/outbox-page';
import { refuse } from '../domain/refusal';
import { segments } from '../domain/segments';
import { consoleTextsIn } from '../i18n/console/texts';
import { listOutbox } from '../views/outbox';

const SHOWN_MOST = 200;

/**
 * What a rehearsal would have sent, as the phone or the mail program would show it. It holds links: a process that is
 * no rehearsal has no such page.
 */
export const loader = forEveryone(async (visit) => {
  const { portal, outbox, rehearsal } = visit.context;
  if (!outbox) return refusalPage(visit, refuse('not_found'));
  const t = consoleTextsIn(visit.t.language);
  const messages = await listOutbox(portal, { limit: SHOWN_MOST });
  const html = renderOutbox({
    t,
    nonce: visit.context.nonce,
    title: t('outbox.title'),
    lead: t('outbox.lead'),
    otherLanguage: `?lang=${t('frame.otherCode')}`,
    rehearsal: rehearsal && t('frame.rehearsal', { moment: t.moment(rehearsal) }),
    messages: messages.map((message) => ({ ...message, segments: segments(message.text).segments })),
  });
  return new Response(html, { headers: { 'content-type': 'text/html; charset=utf-8', 'content-language': t.language } });
});

export const action = readOnly;
