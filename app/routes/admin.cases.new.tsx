import type { Form } from '../auth/form';
import { notFound, type StaffVisit, showConsole, staffForms, staffPage } from '../auth/staff-visit';
import { goTo } from '../auth/visit';
import { CallPage, type CallProblem, CallSecondPage } from '../components/console/call-page';
import { CALL_FIELDS, type Call, readCall, type TypedCall, type TypedStory } from '../domain/case-form';
import { isUuid } from '../domain/uuid';
import { openCase } from '../services/open-case';
import { listCaseCampaigns } from '../views/campaign-choices';
import { findBesideCoupon, findStartingCoupon, listOtherCases } from '../views/case-coupon';

/** Taking a call, in two steps. What was typed goes along from step to step; only the last one writes. */
export const loader = staffPage('admin.cases.new', async (visit) => {
  const { query, portal } = visit;
  const id = query.one('coupon');
  const start = isUuid(id) ? await findStartingCoupon(portal, id) : null;
  const typed = Object.fromEntries(CALL_FIELDS.map((field) => [field, ''])) as TypedCall;
  return firstStep(visit, {
    campaignId: start?.campaignId ?? '',
    typed: { ...typed, number: start?.inquiryNumber ?? '' },
    errors: [],
    candidate: query.one('candidate') ?? '',
    fromCandidate: start !== null && query.has('candidate'),
  });
});

export const action = staffForms('admin.cases.new', {
  async look(visit, form) {
    const typed = typedCall(form);
    const read = readCall(typed);
    const campaignId = form.one('campaign') ?? '';
    const candidate = form.one('candidate') ?? '';
    if (!read.ok) return firstStep(visit, { campaignId, typed, errors: read.errors, candidate, fromCandidate: candidate !== '' }, 422);
    return secondStep(visit, { campaignId, typed, call: read.call, told: null, errors: [], candidate });
  },
  async open(visit, form) {
    const typed = typedCall(form);
    const campaignId = form.one('campaign') ?? '';
    const first = { campaignId, typed, candidate: '', fromCandidate: false };
    if (form.has('back')) return firstStep(visit, { ...first, errors: [] });
    const told = typedStory(form);
    const { portal, staff } = visit;
    const requestKey = form.one('key') ?? '';
    const opened = await openCase(portal, { staff, campaignId, typed, told, requestKey });
    if (opened.kind === 'opened') return goTo(`/admin/cases/${opened.caseId}?did=opened`);
    if (opened.kind === 'incomplete' && opened.step === 1) return firstStep(visit, { ...first, errors: opened.errors }, 422);
    const read = readCall(typed);
    if (!read.ok || (opened.kind === 'refused' && opened.reason === 'not_found')) return notFound(visit);
    const errors: readonly CallProblem[] = opened.kind === 'refused' ? [{ field: 'fact1', problem: 'too_many_today' }] : opened.errors;
    return secondStep(visit, { campaignId, typed, call: read.call, told, errors, requestKey, candidate: '' }, 422);
  },
});

function typedCall(form: Form): TypedCall {
  return Object.fromEntries(CALL_FIELDS.map((field) => [field, form.text(field) ?? ''])) as TypedCall;
}

function typedStory(form: Form): TypedStory {
  const one = (name: string) => form.text(name) ?? '';
  return {
    way: one('way'),
    fact1: one('fact1'),
    said1: one('said1'),
    fact2: one('fact2'),
    said2: one('said2'),
    kind: one('kind'),
    payments: form.all('payment') ?? [],
    story: one('story'),
  };
}

interface First {
  readonly campaignId: string;
  readonly typed: TypedCall;
  readonly errors: readonly CallProblem[];
  readonly candidate: string;
  readonly fromCandidate: boolean;
}

async function firstStep(visit: StaffVisit, { campaignId, ...shown }: First, status = 200): Promise<Response> {
  const { t, token, portal, staff } = visit;
  const campaigns = await listCaseCampaigns(portal, staff.scope);
  const own = campaigns.find(({ id }) => id === campaignId) ?? campaigns[0];
  if (!own) return notFound(visit);
  return showConsole(
    visit,
    t('call.title'),
    <CallPage t={t} token={token} campaigns={campaigns} campaignId={own.id} script={own.script} {...shown} />,
    { status },
  );
}

interface Second {
  readonly campaignId: string;
  readonly typed: TypedCall;
  readonly call: Call;
  /** Null: nothing was typed yet. */
  readonly told: TypedStory | null;
  readonly errors: readonly CallProblem[];
  readonly requestKey?: string;
  readonly candidate: string;
}

async function secondStep(visit: StaffVisit, of: Second, status = 200): Promise<Response> {
  const { t, token, portal, staff } = visit;
  const { campaignId, typed, call, candidate } = of;
  const campaign = (await listCaseCampaigns(portal, staff.scope)).find(({ id }) => id === campaignId);
  if (!campaign) return notFound(visit);
  const coupon = await findBesideCoupon(portal, { campaignId, coupon: { number: call.number }, said: call });
  const open = coupon?.payments.filter(({ suspicious, givenBack }) => suspicious && !givenBack).map(({ number }) => number) ?? [];
  const ofCandidate = coupon?.candidates.find(({ excess }) => excess.some(({ number }) => number === candidate));
  const kind = (ofCandidate ?? coupon?.candidates[0])?.kind ?? '';
  const told: TypedStory = of.told ?? {
    way: '',
    fact1: '',
    said1: '',
    fact2: '',
    said2: '',
    kind,
    payments: ofCandidate?.excess.map(({ number }) => number).filter((number) => open.includes(number)) ?? open,
    story: '',
  };
  return showConsole(
    visit,
    t('call.title'),
    <CallSecondPage
      t={t}
      token={token}
      campaignId={campaignId}
      script={campaign.script}
      typed={typed}
      told={told}
      errors={of.errors}
      requestKey={of.requestKey || portal.crypto.newKey()}
      coupon={coupon}
      others={await listOtherCases(portal, { campaignId, couponId: coupon?.id ?? null, number: call.number })}
    />,
    { status },
  );
}
