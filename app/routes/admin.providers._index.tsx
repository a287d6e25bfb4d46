import { showConsole, staffPage } from '../auth/staff-visit';
import { ProvidersPage } from '../components/console/providers-page';
import { listProviders } from '../views/providers';

/** All providers of the programmes that this person may see. */
export const loader = staffPage('admin.providers._index', async (visit) => {
  const { portal, staff, now, t } = visit;
  const rows = await listProviders(portal, { scope: staff.scope, now });
  return showConsole(visit, t('providers.title'), <ProvidersPage t={t} rows={rows} />);
});
