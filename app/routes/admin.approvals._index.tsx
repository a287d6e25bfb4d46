import { showConsole, staffPage } from '../auth/staff-visit';
import { ApprovalsPage } from '../components/console/approvals-page';
import { APPROVAL_FILTERS, findApprovals } from '../views/approvals';

/** Proposals: those that wait, run, are one's own, have ended. */
export const loader = staffPage('admin.approvals._index', async (visit) => {
  const { t, query, portal, staff, now } = visit;
  const filter = APPROVAL_FILTERS.find((each) => each === query.one('show')) ?? 'waiting';
  const { rows, next } = await findApprovals(portal, { staff, filter, before: query.one('before'), now });
  return showConsole(
    visit,
    t('approvals.title'),
    <ApprovalsPage t={t} filter={filter} filters={APPROVAL_FILTERS} rows={rows} next={next} />,
  );
});
