import { showConsole, staffPage } from '../auth/staff-visit';
import { BouncedPage } from '../components/console/bounced-page';
import { findBounced } from '../views/bounced';

/** People whom no message reaches. */
export const loader = staffPage('admin.bounced', async (visit) => {
  const { t, portal, staff, now } = visit;
  return showConsole(visit, t('bounced.title'), <BouncedPage t={t} {...(await findBounced(portal, { staff, now }))} />);
});
