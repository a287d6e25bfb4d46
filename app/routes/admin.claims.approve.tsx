import type { Form } from '../auth/form';
import { maySee, notFound, type StaffVisit, showConsole, staffForms, staffPage } from '../auth/staff-visit';
import { checkStepUp, offerStepUp, type StepUpBinding } from '../auth/step-up';
import { goTo } from '../auth/visit';
import { ClaimsApprovePage, type ClaimsApproveProps } from '../components/console/claims-approve-page';
import { CLAIM_APPROVALS, CLAIMS_AT_ONCE } from '../domain/claim';
import { isUuid } from '../domain/uuid';
import { proposeClaims } from '../services/propose-claims';
import { weighProposal } from '../views/claims';

/** Proposing claims, one or many: how many, how much, why, and the proof. */
export const loader = staffPage('admin.claims.approve', (visit) =>
  // Which claims is chosen in their list.
  visit.query.one('campaign') === null ? goTo('/admin/claims') : page(visit, visit.query, {}),
);

export const action = staffForms('admin.claims.approve', {
  async propose(visit, form) {
    const asked = await weigh(visit, form);
    if (!asked) return notFound(visit);
    const { campaignId, ids, yen } = asked;
    // The numbers on the page are what the person has agreed to.
    if (form.one('yen') !== String(yen) || form.one('count') !== String(ids.length)) return page(visit, form, { error: 'changed' }, 409);
    const reason = form.one('reason') ?? '';
    if (!(CLAIM_APPROVALS as readonly string[]).includes(reason)) return page(visit, form, { error: 'reason' }, 422);
    const proof = await checkStepUp(visit, form, bindingOf(asked));
    if (proof.kind === 'refused') return page(visit, form, { stepError: proof.reason, minutes: proof.minutes }, 422);
    const note = (form.text('note') ?? '').slice(0, 500);
    const answer = await proposeClaims(visit.portal, { staff: visit.staff, campaignId, claimIds: ids, reason, note, yen });
    if (answer.kind === 'refused') return page(visit, form, { error: answer.reason === 'closed' ? 'closed' : 'changed' }, 409);
    return goTo(`/admin/approvals/${answer.approvalId}?now=proposed`, proof.headers);
  },
});

async function weigh(visit: StaffVisit, form: Form) {
  const campaignId = form.one('campaign') ?? '';
  const chosen = [...new Set((form.all('c') ?? []).filter(isUuid))].slice(0, CLAIMS_AT_ONCE);
  if (!maySee(visit, campaignId) || chosen.length === 0) return null;
  return { campaignId, chosen, ...(await weighProposal(visit.portal, { campaignId, claimIds: chosen })) };
}

function bindingOf({ campaignId, yen }: { campaignId: string; yen: bigint }): StepUpBinding {
  return { act: 'propose_claims', subject: campaignId, yen };
}

async function page(
  visit: StaffVisit,
  form: Form,
  trouble: Pick<ClaimsApproveProps, 'error' | 'stepError' | 'minutes'>,
  status = 200,
): Promise<Response> {
  const { t, token } = visit;
  const asked = await weigh(visit, form);
  if (!asked) return notFound(visit);
  return showConsole(
    visit,
    t('claims.approve.title'),
    <ClaimsApprovePage
      t={t}
      token={token}
      campaignId={asked.campaignId}
      ids={asked.ids}
      yen={asked.yen}
      leftOut={asked.chosen.length - asked.ids.length}
      typed={{ reason: form.one('reason') ?? '', note: form.text('note') ?? '' }}
      offer={await offerStepUp(visit, bindingOf(asked))}
      {...trouble}
    />,
    { status },
  );
}
