import type { Form } from '../auth/form';
import { type StaffVisit, showConsole, staffPage, staffUploads } from '../auth/staff-visit';
import { goTo } from '../auth/visit';
import { type ReconciliationForm, ReconciliationPage } from '../components/console/reconciliation-page';
import { isPermitted } from '../domain/access';
import { japanDay } from '../domain/japan-time';
import { USUAL_MAP } from '../domain/statement';
import { cliTextsFor } from '../i18n/cli-texts-in';
import { loadStatement, type StatementLoaded } from '../services/load-statement';
import { getReconciliation, type ReconciliationPage as Page } from '../views/reconciliation';

type Problem = { readonly sentence: string; readonly rows: readonly string[] };

export const loader = staffPage('admin.reconciliation._index', async (visit) => {
  const page = await getReconciliation(visit.portal, visit.staff.scope);
  return show(visit, page, usualForm(visit, page), null);
});

export const action = staffUploads('admin.reconciliation._index', {
  async upload(visit, form, file) {
    const page = await getReconciliation(visit.portal, visit.staff.scope);
    const typed = readTyped(form);
    const offer = page.offers.find((own) => `${own.campaignId}.${own.provider}` === typed.offer);
    const { t } = visit;
    if (!offer) return show(visit, page, typed, { sentence: t('recon.bad.offer'), rows: [] });
    if (!file) return show(visit, page, typed, { sentence: t('recon.bad.fileMissing'), rows: [] });
    const result = await loadStatement(
      { ...visit.portal, bulk: visit.console.bulk },
      {
        staffId: visit.staff.id,
        campaignId: offer.campaignId,
        provider: offer.provider,
        file: file.path,
        fileName: file.name,
        map: typed,
        from: typed.from,
        until: typed.until,
      },
    );
    if (result.kind === 'matched' || result.kind === 'repeated') {
      return goTo(`/admin/reconciliation/${result.statementId}?done=${result.kind}`);
    }
    return show(visit, page, typed, problemOf(visit, result));
  },
});

function readTyped(form: Form): ReconciliationForm {
  const text = (name: string) => (form.one(name) ?? '').trim();
  return {
    offer: text('offer'),
    from: text('from'),
    until: text('until'),
    reference: text('reference'),
    yen: text('yen'),
    at: text('at'),
    kind: text('kind'),
    cancelled: text('cancelled'),
  };
}

/** The first offer with the layout it had last time, and the month until yesterday. */
function usualForm({ now }: StaffVisit, page: Page): ReconciliationForm {
  const [first] = page.offers;
  const today = japanDay(now);
  return {
    offer: first ? `${first.campaignId}.${first.provider}` : '',
    from: `${today.slice(0, 8)}01`,
    until: today,
    ...((first && page.maps.get(first.provider)) ?? [...page.maps.values()][0] ?? USUAL_MAP),
  };
}

function problemOf({ t }: StaffVisit, result: Exclude<StatementLoaded, { kind: 'matched' | 'repeated' }>): Problem {
  if (result.kind === 'rejected') {
    return {
      sentence: t('recon.bad.rows', { count: result.rejected }),
      rows: result.rows.map(({ row, problem }) => t('recon.row', { row, problem: t(`recon.problem.${problem}`) })),
    };
  }
  if (result.reason === 'file')
    return { sentence: t('recon.bad.file', { trouble: cliTextsFor(t.language).file[result.trouble] }), rows: [] };
  if (result.reason === 'columns') {
    return { sentence: t('recon.bad.columns', { missing: result.missing.join('」「'), header: result.header.join(', ') }), rows: [] };
  }
  return { sentence: t(`recon.bad.${result.reason}`), rows: [] };
}

function show(visit: StaffVisit, page: Page, form: ReconciliationForm, problem: Problem | null): Promise<Response> {
  return showConsole(
    visit,
    visit.t('recon.title'),
    <ReconciliationPage
      t={visit.t}
      token={visit.token}
      mayLoad={isPermitted(visit.staff.role, 'load_statement')}
      statements={page.statements}
      offers={page.offers}
      form={form}
      problem={problem}
    />,
    { status: problem ? 422 : 200 },
  );
}
