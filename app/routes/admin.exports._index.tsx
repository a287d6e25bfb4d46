import { maySee, type StaffVisit, showConsole, staffForms, staffPage } from '../auth/staff-visit';
import { goTo } from '../auth/visit';
import { type ExportProblem, ExportsPage } from '../components/console/exports-page';
import { isPermitted } from '../domain/access';
import { NOTE_LONGEST } from '../domain/acts';
import { EXPORT_KINDS, isExportKind } from '../domain/exports';
import { requestExport } from '../services/request-export';
import { findExports, listExportable } from '../views/exports';

const NOTHING = { campaign: '', kind: '', note: '' };

/** One's own files. */
export const loader = staffPage('admin.exports._index', (visit) => page(visit, NOTHING, []));

export const action = staffForms('admin.exports._index', {
  async export(visit, form) {
    const typed = { campaign: form.one('campaign') ?? '', kind: form.one('kind') ?? '', note: form.text('note') ?? '' };
    const { kind } = typed;
    const campaigns = await listExportable(visit.portal, visit.staff.scope);
    const known = campaigns.some(({ id }) => id === typed.campaign) && maySee(visit, typed.campaign);
    const problems: ExportProblem[] = [];
    if (!known) problems.push('campaign');
    if (!isExportKind(kind)) problems.push('kind');
    if (typed.note === '' || typed.note.length > NOTE_LONGEST) problems.push('note');
    if (problems.length > 0 || !isExportKind(kind)) return page(visit, typed, problems, 422);
    const result = await requestExport(visit.portal, {
      staff: visit.staff,
      campaignId: typed.campaign,
      exported: kind,
      note: typed.note,
    });
    if (result.kind === 'refused') return page(visit, typed, [result.reason === 'not_found' ? 'campaign' : 'note'], 422);
    return goTo(`/admin/exports/${result.exportId}`);
  },
});

async function page(visit: StaffVisit, typed: typeof NOTHING, problems: readonly ExportProblem[], status = 200): Promise<Response> {
  const { t, portal, staff, query, now, token } = visit;
  const { rows, next } = await findExports(portal, { staff, before: query.one('before'), now });
  const campaigns = await listExportable(portal, staff.scope);
  return showConsole(
    visit,
    t('exports.title'),
    <ExportsPage
      t={t}
      token={token}
      mayExport={isPermitted(staff.role, 'export')}
      campaigns={campaigns.map(({ id, name, rowsAlone }) => ({ id, name: t.own(name), rowsAlone }))}
      kinds={EXPORT_KINDS}
      rows={rows}
      next={next}
      typed={typed}
      problems={problems}
    />,
    { status },
  );
}
