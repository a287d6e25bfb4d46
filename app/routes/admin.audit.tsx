import { type StaffVisit, showConsole, staffForms, staffPage } from '../auth/staff-visit';
import { goTo } from '../auth/visit';
import { type AskedAudit, AuditPage } from '../components/console/audit-page';
import { auditActChoices } from '../components/console/audit-words';
import { isPermitted } from '../domain/access';
import { headText } from '../domain/chain';
import { nextDay } from '../domain/day-proof';
import { readWrittenTime } from '../domain/japan-time';
import { recordCheck } from '../services/record-check';
import { verifyAuditChain } from '../views/audit-chain';
import { findAuditEntries, findChainCheck, findChainState, listStaffNames } from '../views/audit-log';
import { listCampaignChoices } from '../views/campaign-choices';

/** So much of the chain is checked at the page; all of it by the command. */
const CHECKED = 5_000;

/** Who did what: audit entries by a filter that stands in the address. */
export const loader = staffPage('admin.audit', async (visit) => {
  const { t, portal, staff, query, token } = visit;
  const people = await listStaffNames(portal);
  const campaigns = await listCampaignChoices(portal, staff.scope);
  const asked = readAsked(visit, { people, campaigns });
  const { from, until, ...same } = asked;
  const before = /^\d{1,15}$/.test(query.one('before') ?? '') ? BigInt(query.one('before') ?? '0') : null;
  const { rows, next } = await findAuditEntries(
    portal,
    {
      ...same,
      scope: staff.scope,
      from: from === null ? null : startOf(from),
      until: until === null ? null : startOf(nextDay(until)),
    },
    before,
  );
  return showConsole(
    visit,
    t('audit.title'),
    <AuditPage
      t={t}
      token={token}
      chain={await findChainState(portal)}
      checks={CHECKED}
      check={await findChainCheck(portal, query.one('check'))}
      asked={asked}
      staff={people}
      campaigns={campaigns}
      rows={rows}
      newest={before === null ? null : address(asked, null)}
      next={next === null ? null : address(asked, next)}
      seesPeople={isPermitted(staff.role, 'see.person')}
      seesApprovals={isPermitted(staff.role, 'see.approvals')}
    />,
  );
});

export const action = staffForms('admin.audit', {
  async verify({ portal, staff }) {
    const { signer } = portal;
    const report = await verifyAuditChain(portal.db, { newest: CHECKED, publicKeys: signer ? [signer.publicKey] : [] });
    const { fault } = report;
    const place = fault && [...('seq' in fault ? [String(fault.seq)] : []), ...('entryId' in fault ? [fault.entryId] : [])].join(' ');
    const id = await recordCheck(portal, {
      staffId: staff.id,
      from: report.from,
      until: report.entries,
      fault: fault?.kind ?? null,
      place,
      head: headText(report.head),
    });
    return goTo(`/admin/audit?check=${id}`);
  },
});

/** What is no value of ours is taken as not asked for. */
function readAsked(
  { query, t }: StaffVisit,
  { people, campaigns }: { people: readonly { id: string }[]; campaigns: readonly { id: string }[] },
): AskedAudit {
  const oneOf = (name: string, all: readonly string[]) => all.find((each) => each === query.one(name)) ?? null;
  const day = (name: string) => {
    const typed = query.one(name) ?? '';
    return /^[12]\d{3}-\d{2}-\d{2}$/.test(typed) && startOf(typed) ? typed : null;
  };
  const subject = query.text('subject') ?? '';
  return {
    who: oneOf('who', ['recipient', 'worker', 'sign-in', ...people.map(({ id }) => `staff:${id}`)]),
    act: oneOf(
      'act',
      auditActChoices(t).map(([act]) => act),
    ),
    campaign: oneOf(
      'campaign',
      campaigns.map(({ id }) => id),
    ),
    subject: subject === '' ? null : subject.slice(0, 100),
    from: day('from'),
    until: day('until'),
  };
}

function startOf(day: string): Date | null {
  return readWrittenTime(day)?.at ?? null;
}

function address(asked: AskedAudit, before: bigint | null): string {
  const query = new URLSearchParams(Object.entries(asked).filter((entry): entry is [string, string] => entry[1] !== null));
  if (before !== null) query.set('before', String(before));
  return query.size > 0 ? `/admin/audit?${query}` : '/admin/audit';
}
