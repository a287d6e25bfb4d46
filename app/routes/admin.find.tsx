import { type StaffVisit, showConsole, staffForms, staffPage } from '../auth/staff-visit';
import { goTo } from '../auth/visit';
import { type Applicants, FindPage, type FindProblem, type Found } from '../components/console/find-page';
import { isPermitted } from '../domain/access';
import { readClaimNumber } from '../domain/claim-number';
import { differ, groupOf, type Reading, readFact } from '../domain/search';
import { recordSearch } from '../services/record-search';
import { findClaimants } from '../views/find-claimants';
import { countWaitingToBeFiled, findByFact, findByFacts } from '../views/find-people';
import { findReference } from '../views/person-related';

/** Finding a person. What is looked for is posted and answered at once: it stands in no address and no log. */
export const loader = staffPage('admin.find', (visit) => findPage(visit, { typed: { fact: '', second: '' } }));

export const action = staffForms('admin.find', {
  async find(visit, form) {
    const typed = { fact: form.one('fact') ?? '', second: form.one('second') ?? '' };
    const reference = readClaimNumber(typed.fact);
    const address = reference && (await findReference(visit.portal, reference, visit.staff.scope));
    if (address) {
      await recordSearch(visit.portal, { staffId: visit.staff.id, kinds: ['number'], hits: 1, now: visit.now });
      return goTo(address);
    }
    const strict = !isPermitted(visit.staff.role, 'see.many');
    const first = readFact(typed.fact);
    const second = readFact(typed.second);
    const problem = problemOf(typed, first, second, strict);
    if (problem) return findPage(visit, { typed, problem }, 422);
    const { portal, staff, now } = visit;
    const found =
      typed.second.trim() === ''
        ? await findByFact(portal, { readings: first, scope: staff.scope, after: form.one('after'), now })
        : await findByFacts(portal, { first, second, scope: staff.scope, now });
    const after = form.one('after');
    const applicants = after ? { claims: [], tooMany: false } : await findClaimants(portal, { first, second, scope: staff.scope });
    const kinds = [...new Set([...first, ...second].map(groupOf))];
    await recordSearch(portal, { staffId: staff.id, kinds, hits: found.people.length + applicants.claims.length, now });
    if (!strict) return findPage(visit, { typed, found, applicants });
    const [only, ...others] = found.people;
    const [claim, ...more] = applicants.claims;
    if (only && others.length === 0) return goTo(`/admin/people/${only.grantId}`);
    if (!only && claim && more.length === 0) return goTo(`/admin/claims/${claim.claimId}`);
    return findPage(visit, { typed, outcome: only || claim ? 'many' : 'none' });
  },
});

function problemOf(
  typed: { fact: string; second: string },
  first: readonly Reading[],
  second: readonly Reading[],
  strict: boolean,
): FindProblem | null {
  if (typed.fact.trim() === '') return 'missing';
  if (first.length === 0) return 'unreadable';
  if (typed.second.trim() === '') return strict ? 'second_missing' : null;
  if (second.length === 0) return 'second_unreadable';
  return differ(first, second) ? null : 'same_kind';
}

async function findPage(
  visit: StaffVisit,
  shown: {
    typed: { fact: string; second: string };
    problem?: FindProblem;
    found?: Found;
    applicants?: Applicants;
    outcome?: 'none' | 'many';
  },
  status = 200,
): Promise<Response> {
  const { t, token, staff, portal } = visit;
  return showConsole(
    visit,
    t('nav.find'),
    <FindPage
      t={t}
      token={token}
      strict={!isPermitted(staff.role, 'see.many')}
      typed={shown.typed}
      problem={shown.problem ?? null}
      found={shown.found ?? null}
      applicants={shown.applicants ?? null}
      outcome={shown.outcome ?? null}
      unfiled={await countWaitingToBeFiled(portal)}
    />,
    { status },
  );
}
