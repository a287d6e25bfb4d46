import { notFound, type StaffVisit, showConsole, staffForms, staffPage } from '../auth/staff-visit';
import { goTo } from '../auth/visit';
import { StatementPage } from '../components/console/statement-page';
import { isPermitted } from '../domain/access';
import { isUuid } from '../domain/uuid';
import type { ConsoleTextKey } from '../i18n/console/texts';
import { CLOSE_REASONS, settleFinding } from '../services/settle-finding';
import { findOfferLabels } from '../views/offer-labels';
import { findStatementPage, type StatementPage as Page } from '../views/reconciliation';

const DONE = ['matched', 'repeated', 'taken', 'closed'] as const;

export const loader = staffPage('admin.reconciliation.$id', async (visit) => {
  const page = await find(visit);
  return page ? show(visit, page) : notFound(visit);
});

export const action = staffForms('admin.reconciliation.$id', {
  take: (visit, form) => settle(visit, 'take', { id: form.one('finding') ?? '', reason: '', note: '' }),
  close: (visit, form) =>
    settle(visit, 'close', { id: form.one('finding') ?? '', reason: form.one('reason') ?? '', note: form.text('note') ?? '' }),
});

async function settle(visit: StaffVisit, act: 'take' | 'close', typed: { id: string; reason: string; note: string }): Promise<Response> {
  const page = await find(visit);
  if (!page || !isUuid(typed.id) || !page.findings.some(({ id }) => id === typed.id)) return notFound(visit);
  const result = await settleFinding(visit.portal, {
    staff: visit.staff,
    findingId: typed.id,
    act,
    reason: typed.reason,
    note: typed.note,
  });
  if (result.kind !== 'refused') return goTo(`/admin/reconciliation/${visit.params.id}?done=${result.kind}`);
  if (result.reason === 'not_found') return notFound(visit);
  // Somebody else has ended it: the page shows who.
  if (result.reason === 'ended') return show(visit, page, { status: 409 });
  return show(visit, page, { status: 422, wrong: typed });
}

function find(visit: StaffVisit): Promise<Page | null> {
  return findStatementPage(visit.portal, { id: visit.params.id, scope: visit.staff.scope });
}

async function show(
  visit: StaffVisit,
  { statement, findings }: Page,
  more: { status?: number; wrong?: { id: string; reason: string; note: string } } = {},
): Promise<Response> {
  const { t, query, staff, token, portal } = visit;
  const label = (await findOfferLabels(portal, statement.campaignId)).get(statement.provider);
  const done = DONE.find((each) => each === query.one('done'));
  return showConsole(
    visit,
    t('recon.statement'),
    <StatementPage
      t={t}
      token={token}
      label={label ? t.own(label) : statement.provider}
      statement={statement}
      findings={findings}
      reasons={CLOSE_REASONS}
      maySettle={isPermitted(staff.role, 'settle_finding')}
      done={done && !more.status ? (`recon.done.${done}` as ConsoleTextKey) : null}
      wrong={more.wrong}
    />,
    { status: more.status },
  );
}
