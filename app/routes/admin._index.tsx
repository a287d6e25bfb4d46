import { showConsole, staffPage } from '../auth/staff-visit';
import { NeedsPage } from '../components/console/needs-page';
import { findNeeds } from '../views/needs';

/** What needs a hand. */
export const loader = staffPage('admin._index', async (visit) => {
  const { portal, staff, now, t } = visit;
  const { cards, jobs } = await findNeeds(portal, { staff, now });
  return showConsole(visit, t('nav.home'), <NeedsPage t={t} cards={cards} jobs={jobs} />);
});
