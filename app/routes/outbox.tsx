import { forEveryone, readOnly, refusalPage } from '../auth/visit';
import { renderOutbox } from '../components/outbox-page';
import { refuse } from '../domain/refusal';
import { segments } from '../domain/segments';
import { consoleTextsIn } from '../i18n/console/texts';
import { listOutbox } from '../views/outbox';

const SHOWN = 50;

/**
 * What a rehearsal would have sent, as the phone or the mail program would show it. It holds links: a process that is
 * no rehearsal has no such page.
 */
export const loader = forEveryone(async (visit) => {
  const { portal, outbox, rehearsal } = visit.context;
  if (!outbox) return refusalPage(visit, refuse('not_found'));
  const t = consoleTextsIn(visit.t.language);
  const search = (visit.query.one('q') ?? '').trim().slice(0, 254);
  const asked = Number(visit.query.one('page') ?? 1);
  const page = Number.isInteger(asked) && asked > 0 && asked < 1_000_000 ? asked : 1;
  const { messages, total } = await listOutbox(portal, { search, page, size: SHOWN });
  const html = renderOutbox({
    t,
    nonce: visit.context.nonce,
    title: t('outbox.title'),
    lead: t('outbox.lead'),
    otherLanguage: `?${new URLSearchParams({ lang: t('frame.otherCode'), ...(search && { q: search }), ...(page > 1 && { page: String(page) }) })}`,
    rehearsal: rehearsal && t('frame.rehearsal', { moment: t.moment(rehearsal) }),
    search,
    page,
    pages: Math.max(1, Math.ceil(total / SHOWN)),
    total,
    messages: messages.map((message) => ({ ...message, segments: segments(message.text).segments })),
  });
  return new Response(html, { headers: { 'content-type': 'text/html; charset=utf-8', 'content-language': t.language } });
});

export const action = readOnly;
