import { cameFromHere, readOpenForm } from '../auth/form';
import { forEveryone, goTo, onOpenForm, refusalPage, type Visit } from '../auth/visit';
import { renderClock } from '../components/clock-page';
import { readWrittenTime } from '../domain/japan-time';
import { refuse } from '../domain/refusal';
import { consoleTextsIn } from '../i18n/console/texts';
import { listCalendars } from '../views/calendars';

/** Where a rehearsal's clock is moved on. A process whose clock nobody may move has no such page. */
export const loader = forEveryone((visit) => showClock(visit, null));

export const action = onOpenForm(async (visit) => {
  const { moveClock, publicUrl } = visit.context;
  if (!moveClock) return refusalPage(visit, refuse('not_found'));
  if (!cameFromHere(visit.request, publicUrl)) return refusalPage(visit, refuse('form_expired'));
  const form = await readOpenForm(visit.request);
  if ('kind' in form) return refusalPage(visit, form);
  const typed = form.one('to') ?? '';
  const to = readWrittenTime(typed)?.at;
  if (!to) return showClock(visit, { typed, reason: 'unreadable' });
  if (to <= visit.now) return showClock(visit, { typed, reason: 'back' });
  await moveClock(to);
  return goTo('/clock');
});

async function showClock(visit: Visit, problem: { typed: string; reason: 'unreadable' | 'back' } | null): Promise<Response> {
  const { portal, moveClock, rehearsal, nonce } = visit.context;
  if (!moveClock) return refusalPage(visit, refuse('not_found'));
  const t = consoleTextsIn(visit.t.language);
  const html = renderClock({
    t,
    nonce,
    title: t('clock.title'),
    lead: t('clock.lead'),
    otherLanguage: `?lang=${t('frame.otherCode')}`,
    rehearsal: rehearsal && t('frame.rehearsal', { moment: t.moment(rehearsal) }),
    now: visit.now,
    calendars: await listCalendars(portal),
    problem: problem && { typed: problem.typed, text: t(`clock.${problem.reason}`) },
  });
  const headers = { 'content-type': 'text/html; charset=utf-8', 'content-language': t.language };
  return new Response(html, { status: problem ? 422 : 200, headers });
}
