import type { Form } from '../auth/form';
import { type OfficeActQuestion, officeActAnswer, officeActPage, type ShownOfficeAct } from '../auth/office-act';
import { maySee, notFound, type StaffVisit, showConsole, staffForms, staffPage } from '../auth/staff-visit';
import { CaseDecidePage } from '../components/console/case-decide-page';
import { isUuid } from '../domain/uuid';
import { type CasePage, findCasePage } from '../views/case-page';

const ROUTE = 'admin.cases.$id.decide';

/** Proposes to approve one case: what it comes to is shown, then proved and proposed. */
export const loader = staffPage(ROUTE, async (visit) => {
  const found = await findOwn(visit);
  return found ? page(visit, found, await officeActPage(visit, questionOf(found))) : notFound(visit);
});

export const action = staffForms(ROUTE, {
  async decide_case(visit: StaffVisit, form: Form) {
    const found = await findOwn(visit);
    if (!found) return notFound(visit);
    const answer = await officeActAnswer(visit, form, questionOf(found));
    return answer instanceof Response ? answer : page(visit, found, answer, 422);
  },
});

function questionOf({ id, campaignId }: CasePage): OfficeActQuestion {
  return { act: 'decide_case', campaignId, subject: id, fields: { case: id } };
}

async function findOwn(visit: StaffVisit): Promise<CasePage | null> {
  const { id } = visit.params;
  const found = isUuid(id) ? await findCasePage(visit.portal, { caseId: id, now: visit.now }) : null;
  return found && maySee(visit, found.campaignId) ? found : null;
}

function page(visit: StaffVisit, found: CasePage, shown: ShownOfficeAct, status = 200): Promise<Response> {
  const { t, token } = visit;
  return showConsole(visit, t('case.decide.title'), <CaseDecidePage t={t} token={token} page={found} shown={shown} />, { status });
}
