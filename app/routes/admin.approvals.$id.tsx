import type { Form } from '../auth/form';
import { notFound, type StaffVisit, showConsole, staffForms, staffPage } from '../auth/staff-visit';
import { checkStepUp, offerStepUp } from '../auth/step-up';
import { goTo } from '../auth/visit';
import { ApprovalPage } from '../components/console/approval-page';
import { reasonText } from '../components/console/reason-text';
import type { StepUpFieldsProps } from '../components/console/step-up-fields';
import { isPermitted } from '../domain/access';
import { maskContact } from '../domain/contact';
import type { ConsoleTextKey } from '../i18n/console/texts';
import { decideApproval } from '../services/decide-approval';
import { pauseBulk } from '../services/pause-bulk';
import { withdrawProposal } from '../services/withdraw-proposal';
import { type ApprovalPage as Approval, findApprovalPage } from '../views/approvals';
import { findOfferLabels } from '../views/offer-labels';
import { findContact } from '../views/person-page';

/** What has just happened, as the address says after an act. */
const OUTCOMES = ['done', 'running', 'refused', 'withdrawn', 'void', 'expired', 'already', 'proposed', 'paused', 'resumed'] as const;
type Outcome = (typeof OUTCOMES)[number];
/** While it runs the page looks again. */
const LOOK_AGAIN_SECONDS = 3;

export const loader = staffPage('admin.approvals.$id', async (visit) => {
  const approval = await find(visit);
  return approval ? page(visit, approval, {}) : notFound(visit);
});

export const action = staffForms('admin.approvals.$id', {
  approve: (visit, form) => decide(visit, form, 'approve'),
  refuse: (visit, form) => decide(visit, form, 'refuse'),
  async withdraw(visit) {
    const approval = await find(visit);
    if (!approval) return notFound(visit);
    const result = await withdrawProposal(visit.portal, { staffId: visit.staff.id, approvalId: approval.id });
    if (result.kind === 'refused') return result.reason === 'ended' ? onward(approval.id, 'already') : notFound(visit);
    return onward(approval.id, 'withdrawn');
  },
  pause: (visit) => setPaused(visit, true),
  resume: (visit) => setPaused(visit, false),
});

async function decide(visit: StaffVisit, form: Form, decision: 'approve' | 'refuse'): Promise<Response> {
  const approval = await find(visit);
  if (!approval) return notFound(visit);
  if (approval.undecidable === 'ended') return onward(approval.id, 'already');
  if (approval.undecidable) return page(visit, approval, {}, 409);
  const note = form.one('note') ?? '';
  if (note.length > 500) return page(visit, approval, { noteTooLong: true, typed: note }, 422);
  const proof = await checkStepUp(visit, form, { act: 'decide', subject: approval.id, yen: approval.yen });
  if (proof.kind === 'refused') return page(visit, approval, { error: proof.reason, typed: note }, 422);
  const result = await decideApproval(visit.portal, { staff: visit.staff, approvalId: approval.id, decision, note });
  if (result.kind === 'refused') return notFound(visit);
  const outcome: Outcome = result.kind === 'refused_by_approver' ? 'refused' : result.kind;
  return onward(approval.id, outcome, proof.headers);
}

async function setPaused(visit: StaffVisit, pause: boolean): Promise<Response> {
  const approval = await find(visit);
  if (!approval) return notFound(visit);
  const result = await pauseBulk(visit.portal, { staff: visit.staff, approvalId: approval.id, pause });
  return onward(approval.id, result.kind === 'refused' ? 'already' : result.kind);
}

function find(visit: StaffVisit): Promise<Approval | null> {
  return findApprovalPage(visit.portal, { staff: visit.staff, id: visit.params.id, now: visit.now });
}

function onward(id: string, outcome: Outcome, headers: Readonly<Record<string, string>> = {}): Response {
  return goTo(`/admin/approvals/${id}?now=${outcome}`, headers);
}

async function page(
  visit: StaffVisit,
  approval: Approval,
  problem: { error?: StepUpFieldsProps['error']; minutes?: number; noteTooLong?: boolean; typed?: string },
  status = 200,
): Promise<Response> {
  const { t, staff, portal, query } = visit;
  const decidable = approval.undecidable === null;
  const outcome = OUTCOMES.find((each) => each === query.one('now'));
  const running = approval.state === 'approved' && !approval.pausedAt;
  const contact = approval.grantId ? await findContact(portal, approval.grantId) : null;
  const labels = await findOfferLabels(portal, approval.campaignId);
  return showConsole(
    visit,
    t('approvals.title'),
    <ApprovalPage
      t={t}
      token={visit.token}
      approval={approval}
      labels={new Map([...labels].map(([provider, label]) => [provider, t.own(label)]))}
      reasonText={reasonText(t, approval.reason)}
      maskedName={contact && (maskContact(contact).name ?? null)}
      mayPause={isPermitted(staff.role, 'pause_bulk')}
      seesPeople={isPermitted(staff.role, 'see.person')}
      offer={decidable ? await offerStepUp(visit, { act: 'decide', subject: approval.id, yen: approval.yen }) : null}
      now={outcome && status === 200 ? (`approval.now.${outcome}` as ConsoleTextKey) : null}
      {...problem}
    />,
    { status, refreshSeconds: running ? LOOK_AGAIN_SECONDS : undefined },
  );
}
