import type { Form } from '../auth/form';
import { maySee, notFound, type StaffVisit, showConsole, staffForms, staffPage } from '../auth/staff-visit';
import { goTo } from '../auth/visit';
import { ClaimPage, type ClaimPageProps } from '../components/console/claim-page';
import { isPermitted } from '../domain/access';
import { isUuid } from '../domain/uuid';
import { claimTextsIn } from '../i18n/claim';
import { correctClaimMail } from '../services/correct-claim-mail';
import { correctClaimNumber } from '../services/correct-claim-number';
import { type ClaimMove, moveClaim } from '../services/move-claim';
import { unmaskClaim } from '../services/unmask-claim';
import { findClaimPage } from '../views/claims';

const DID = ['more_needed', 'refused', 'checking', 'received'] as const;
const DONE = ['mail', 'number'] as const;

/** One claim beside the register, with what a reviewer can do. */
export const loader = staffPage('admin.claims.$id', (visit) => page(visit, {}));

export const action = staffForms('admin.claims.$id', {
  ask: (visit, form) => move(visit, form, 'ask'),
  refuse: (visit, form) => move(visit, form, 'refuse'),
  reopen: (visit, form) => move(visit, form, 'reopen'),
  async mail(visit, form) {
    const claim = await find(visit);
    if (!claim) return notFound(visit);
    const typed = { mail: (form.text('mail') ?? '').slice(0, 254), reason: form.one('reason') ?? '' };
    const result = await correctClaimMail(visit.portal, { staff: visit.staff, claimId: claim.id, ...typed });
    if (result.kind === 'sent') return goTo(`/admin/claims/${claim.id}?done=mail`);
    return wrong(visit, { act: 'mail', reason: result.reason, typed });
  },
  async number(visit, form) {
    const claim = await find(visit);
    if (!claim) return notFound(visit);
    const typed = { was: form.one('was') ?? '', became: (form.text('became') ?? '').slice(0, 60), reason: form.one('reason') ?? '' };
    const result = await correctClaimNumber(visit.portal, { staff: visit.staff, claimId: claim.id, ...typed });
    if (result.kind === 'corrected') return goTo(`/admin/claims/${claim.id}?done=number`);
    return wrong(visit, { act: 'number', reason: result.reason, typed });
  },
  async unmask(visit) {
    const claim = await find(visit);
    if (!claim) return notFound(visit);
    await unmaskClaim(visit.portal, { staffId: visit.staff.id, claimId: claim.id, campaignId: claim.campaignId });
    return page(visit, { whole: true });
  },
});

async function move(visit: StaffVisit, form: Form, name: ClaimMove): Promise<Response> {
  const claim = await find(visit);
  if (!claim) return notFound(visit);
  const reason = form.one('reason') ?? '';
  const result = await moveClaim(visit.portal, { staff: visit.staff, claimId: claim.id, move: name, reason });
  if (result.kind === 'moved') return goTo(`/admin/claims/${claim.id}?did=${result.state}`);
  return result.reason === 'not_found'
    ? notFound(visit)
    : page(visit, { no: { move: name, reason: result.reason } }, result.reason === 'reason_missing' ? 422 : 409);
}

function wrong(visit: StaffVisit, correction: NonNullable<ClaimPageProps['correction']>): Promise<Response> {
  if (correction.reason === 'not_found') return Promise.resolve(notFound(visit));
  return page(visit, { correction }, ['wrong_state', 'proposed', 'mail_going', 'too_many_today'].includes(correction.reason) ? 409 : 422);
}

async function find(visit: StaffVisit) {
  const { id } = visit.params;
  const claim = isUuid(id) ? await findClaimPage(visit.portal, id) : null;
  return claim && maySee(visit, claim.campaignId) ? claim : null;
}

async function page(
  visit: StaffVisit,
  more: { whole?: boolean; no?: ClaimPageProps['no']; correction?: ClaimPageProps['correction'] },
  status = 200,
): Promise<Response> {
  const { t, token, staff, query } = visit;
  const claim = await find(visit);
  if (!claim) return notFound(visit);
  const did = DID.find((each) => each === query.one('did') && each === claim.state) ?? null;
  return showConsole(
    visit,
    t('claims.of', { number: claim.number }),
    <ClaimPage
      t={t}
      c={claimTextsIn(claim.language)}
      token={token}
      claim={claim}
      whole={more.whole ?? false}
      no={more.no ?? null}
      correction={more.correction ?? null}
      did={status === 200 ? (did ?? DONE.find((each) => each === query.one('done')) ?? null) : null}
      mayReview={isPermitted(staff.role, 'review_claims')}
      mayPropose={isPermitted(staff.role, 'propose_claims')}
      mayUnmask={isPermitted(staff.role, 'unmask')}
      seesPeople={isPermitted(staff.role, 'see.person')}
    />,
    { status },
  );
}
