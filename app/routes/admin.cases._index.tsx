import type { Form } from '../auth/form';
import { type StaffVisit, showConsole, staffForms, staffPage } from '../auth/staff-visit';
import { CasesPage, type QueueFilter } from '../components/console/cases-page';
import { isPermitted } from '../domain/access';
import { CASE_STATES } from '../domain/case';
import { isUuid } from '../domain/uuid';
import { listCaseCampaigns } from '../views/campaign-choices';
import { type CaseFilter, type CaseKey, caseLookup, findCaseQueue } from '../views/case-queue';

/** The queue of cases; its filter stands in the address. */
export const loader = staffPage('admin.cases._index', (visit) => {
  const filter = readFilter(visit.query);
  return queuePage(visit, filter, { after: readKey(visit.query.one('after')) });
});

export const action = staffForms('admin.cases._index', {
  /** What is looked for may be a name: it is posted, and stands in no address. */
  find_case(visit, form) {
    const typed = form.one('find')?.trim() ?? '';
    const find = typed === '' ? null : caseLookup(visit.portal.crypto, typed);
    const everything: QueueFilter = { campaign: null, state: null, owner: null, overdue: false };
    return queuePage(visit, everything, { find, found: { typed, missing: find === null } }, find ? 200 : 422);
  },
});

function readFilter(query: Form): QueueFilter {
  const state = query.one('state');
  const owner = query.one('owner');
  return {
    campaign: query.one('campaign') || null,
    state: state === 'any' ? null : (CASE_STATES.find((each) => each === state) ?? 'open'),
    owner: owner === 'me' || owner === 'nobody' ? owner : null,
    overdue: query.one('overdue') === '1',
  };
}

function addressOf(filter: QueueFilter, more: readonly [string, string][] = []): string {
  const fields: [string, string][] = [['state', filter.state ?? 'any']];
  if (filter.campaign) fields.push(['campaign', filter.campaign]);
  if (filter.owner) fields.push(['owner', filter.owner]);
  if (filter.overdue) fields.push(['overdue', '1']);
  return `/admin/cases?${new URLSearchParams([...fields, ...more])}`;
}

function readKey(text: string | null): CaseKey | null {
  const [, due, id] = /^(\d{1,14}|end)\.(.+)$/.exec(text ?? '') ?? [];
  return isUuid(id) && due !== undefined ? { due: due === 'end' ? null : Number(due), id } : null;
}

async function queuePage(
  visit: StaffVisit,
  filter: QueueFilter,
  of: { after?: CaseKey | null; find?: CaseFilter['find']; found?: { typed: string; missing: boolean } },
  status = 200,
): Promise<Response> {
  const { t, token, portal, staff, now } = visit;
  const campaigns = await listCaseCampaigns(portal, staff.scope);
  const asked: CaseFilter = {
    scope: staff.scope,
    campaign: filter.campaign,
    state: filter.state,
    owner: filter.owner === 'me' ? staff.id : filter.owner,
    overdueAt: filter.overdue ? now : null,
    find: of.find ?? null,
  };
  const queue = await findCaseQueue(portal, asked, { after: of.after ?? null, staffId: staff.id, now });
  const { next } = queue;
  return showConsole(
    visit,
    t('cases.title'),
    <CasesPage
      t={t}
      token={token}
      filter={filter}
      campaigns={campaigns}
      rows={of.found?.missing ? [] : queue.rows}
      counts={queue.counts}
      next={next && !of.find ? addressOf(filter, [['after', `${next.due ?? 'end'}.${next.id}`]]) : null}
      mayTake={isPermitted(staff.role, 'work_case')}
      addressOf={(state) => addressOf({ ...filter, state, overdue: false })}
      found={of.found ?? null}
    />,
    { status },
  );
}
