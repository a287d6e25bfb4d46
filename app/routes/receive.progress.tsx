import { isLate, isWaiting, nextPlace } from '../auth/progress';
import { progressSentence } from '../auth/recipient-sentence';
import { faceOf, forRecipient, goTo, readOnly, show } from '../auth/visit';
import { ProgressPage } from '../components/progress-page';

/** Until the codes are there. Who comes when nothing is under way is led to what is there. */
export const loader = forRecipient((visit) => {
  const { t, page } = visit;
  const items = page.redemptions.filter(({ state }) => isWaiting(state) || state === 'failed');
  const place = nextPlace(page);
  if (place !== '/receive/progress') return goTo(place);
  const waiting = items.some(({ state }) => isWaiting(state));
  const words = progressSentence(t, page, visit.now);
  return show(
    visit,
    words.title,
    <ProgressPage
      t={t}
      words={words}
      office={page.campaign}
      grant={page.grant}
      items={items.map((item) => ({ ...item, face: faceOf(visit, item.provider) }))}
      late={isLate(page, visit.now)}
    />,
    { refreshSeconds: waiting ? 5 : undefined },
  );
});

export const action = readOnly;
