import { isLate, isWaiting, nextPlace } from '../auth/progress';
import { faceOf, forRecipient, goTo, readOnly, show } from '../auth/visit';
import { ProgressPage } from '../components/progress-page';

/** Until the codes are there. Who comes when nothing is under way is led to what is there. */
export const loader = forRecipient((visit) => {
  const { t, page } = visit;
  const items = page.redemptions.filter(({ state }) => isWaiting(state) || state === 'failed');
  const place = nextPlace(page);
  if (place !== '/receive/progress') return goTo(place);
  const waiting = items.some(({ state }) => isWaiting(state));
  return show(
    visit,
    t(waiting ? 'progress.title' : 'failed.title'),
    <ProgressPage
      t={t}
      office={page.campaign}
      grant={page.grant}
      items={items.map((item) => ({ ...item, face: faceOf(visit, item.provider) }))}
      late={isLate(page, visit.now)}
    />,
    { refreshSeconds: waiting ? 5 : undefined },
  );
});

export const action = readOnly;
