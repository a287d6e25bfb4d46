import { showConsole, staffPage } from '../auth/staff-visit';

/** What needs a hand. */
export const loader = staffPage('admin._index', (visit) => showConsole(visit, visit.t('nav.home'), <h1>{visit.t('nav.home')}</h1>));
