import { readOpenForm } from '../auth/form';
import { forEveryone, goTo, onOpenForm, refusalPage, show, type Visit } from '../auth/visit';
import { StopPage } from '../components/stop-page';
import { refuse } from '../domain/refusal';
import { stopReminders } from '../services/stop-reminders';
import { findStop, type Stop } from '../views/find-stop';
import { listOffices } from '../views/list-offices';

/** The stop link of a reminder: shows a page with a button, and changes nothing, however often a scanner opens it. */
export const loader = forEveryone(async (visit) => {
  const found = await find(visit);
  return found instanceof Response ? found : page(visit, found);
});

/**
 * Stops the reminders: by the page's button, or by a mail program's one click (RFC 8058), which has neither a session
 * nor a page of ours before it. Who has the link may; all it can do is stop reminders.
 */
export const action = onOpenForm(async (visit) => {
  const form = await readOpenForm(visit.request);
  if ('kind' in form) return refusalPage(visit, form);
  const found = await find(visit);
  if (found instanceof Response) return found;
  const way = form.one('stop') === '1' ? 'page' : 'one_click';
  await stopReminders(visit.context.portal, { grantId: found.grantId, way });
  return way === 'page' ? goTo(visit.url.pathname) : page(visit, { ...found, stopped: true });
});

/** Unknown, malformed and forged links look exactly alike and count as guesses. */
async function find(visit: Visit): Promise<Stop | Response> {
  const { portal, limits, clientIp } = visit.context;
  const found = await findStop(portal, visit.params.token ?? '');
  if (found) return found;
  const guess = await limits.allowGuess(clientIp);
  return guess.ok ? refusalPage(visit, refuse('not_found')) : refusalPage(visit, refuse('too_many_requests'), guess.retryAfterSeconds);
}

async function page(visit: Visit, stop: Stop): Promise<Response> {
  const offices = await listOffices(visit.context.portal);
  return show(visit, visit.t(stop.stopped ? 'stop.doneTitle' : 'stop.title'), <StopPage t={visit.t} stop={stop} offices={offices} />);
}
