import type { Form } from '../auth/form';
import { notFound, type StaffVisit, showConsole, staffForms, staffPage } from '../auth/staff-visit';
import { checkStepUp, offerStepUp, type StepUpBinding } from '../auth/step-up';
import { goTo } from '../auth/visit';
import { ApprovalPage } from '../components/console/approval-page';
import type { Deciding } from '../components/console/decide-form';
import { reasonText } from '../components/console/reason-text';
import { isPermitted } from '../domain/access';
import { NOTE_LONGEST } from '../domain/acts';
import { maskContact } from '../domain/contact';
import type { ConsoleTextKey } from '../i18n/console/texts';
import { decideApproval } from '../services/decide-approval';
import { pauseBulk } from '../services/pause-bulk';
import { STOPPED, stopBulk } from '../services/stop-bulk';
import { withdrawProposal } from '../services/withdraw-proposal';
import { type ApprovalPage as Approval, findApprovalPage } from '../views/approvals';
import { listProposalClaims } from '../views/claims';
import { findOfferLabels } from '../views/offer-labels';
import { findContact } from '../views/person-page';

/** What has just happened, as the address says after an act; told only where it is still so. */
const OUTCOMES = {
  done: ({ state }) => state === 'done',
  running: ({ state }) => state === 'approved',
  refused: ({ state }) => state === 'refused',
  withdrawn: ({ state }) => state === 'withdrawn',
  void: ({ state }) => state === 'void',
  expired: ({ state }) => state === 'expired',
  already: ({ state }) => state !== 'proposed',
  proposed: ({ state, overdue }) => state === 'proposed' && !overdue,
  busy: ({ state }) => state === 'proposed',
  paused: ({ state, pausedAt }) => state === 'approved' && pausedAt !== null,
  resumed: ({ state, pausedAt }) => state === 'approved' && pausedAt === null,
  stopped: ({ state, outcome }) => state === 'done' && outcome === STOPPED,
} as const satisfies Record<string, (approval: Approval) => boolean>;
type Outcome = keyof typeof OUTCOMES;
/** While it runs the page looks again. */
const LOOK_AGAIN_SECONDS = 3;

export const loader = staffPage('admin.approvals.$id', async (visit) => {
  const approval = await find(visit);
  return approval ? page(visit, approval, { decision: visit.query.one('refuse') === '1' ? 'refuse' : 'approve' }) : notFound(visit);
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
  async stop(visit) {
    const approval = await find(visit);
    if (!approval) return notFound(visit);
    const result = await stopBulk(visit.portal, { staff: visit.staff, approvalId: approval.id });
    return onward(approval.id, result.kind === 'refused' ? 'already' : result.kind);
  },
});

type Decision = Deciding['decision'];

/** A proof is for this decision about this proposal and its yen: one for refusing cannot approve. */
function bindingOf(approval: Approval, decision: Decision): StepUpBinding {
  return { act: 'decide', subject: `${decision}:${approval.id}`, yen: approval.yen };
}

async function decide(visit: StaffVisit, form: Form, decision: Decision): Promise<Response> {
  const approval = await find(visit);
  if (!approval) return notFound(visit);
  if (approval.undecidable === 'ended') return onward(approval.id, 'already');
  if (approval.undecidable) return page(visit, approval, { decision }, 409);
  const note = form.one('note') ?? '';
  if (note.length > NOTE_LONGEST) return page(visit, approval, { decision, noteTooLong: true, typed: note }, 422);
  const proof = await checkStepUp(visit, form, bindingOf(approval, decision));
  if (proof.kind === 'refused') {
    return page(visit, approval, { decision, error: proof.reason, minutes: proof.minutes, typed: note }, 422);
  }
  const result = await decideApproval(visit.portal, { staff: visit.staff, approvalId: approval.id, decision, note });
  if (result.kind === 'refused') return result.reason === 'register_busy' ? onward(approval.id, 'busy', proof.headers) : notFound(visit);
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

async function page(visit: StaffVisit, approval: Approval, tried: Omit<Deciding, 'offer'>, status = 200): Promise<Response> {
  const { t, staff, portal, query } = visit;
  const decidable = approval.undecidable === null;
  const told = query.one('now') ?? '';
  const outcome = Object.hasOwn(OUTCOMES, told) && status === 200 && OUTCOMES[told as Outcome](approval) ? told : null;
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
      claims={approval.act === 'approve_claims' ? await listProposalClaims(portal, approval.id) : []}
      mayPause={isPermitted(staff.role, 'pause_bulk')}
      seesPeople={isPermitted(staff.role, 'see.person')}
      deciding={decidable ? { ...tried, offer: await offerStepUp(visit, bindingOf(approval, tried.decision)) } : null}
      now={outcome ? (`approval.now.${outcome}` as ConsoleTextKey) : null}
    />,
    { status, refreshSeconds: running ? LOOK_AGAIN_SECONDS : undefined },
  );
}
