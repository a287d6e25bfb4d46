import type { Form } from '../auth/form';
import { maySee, notFound, type StaffVisit, showConsole, staffForms, staffPage } from '../auth/staff-visit';
import { goTo } from '../auth/visit';
import { CaseForms, type CaseTried } from '../components/console/case-forms';
import { CaseView, type ShownCaller } from '../components/console/case-page';
import { caseSentence } from '../components/console/case-words';
import { isPermitted } from '../domain/access';
import { showClaimNumber } from '../domain/claim-number';
import { lastMoment } from '../domain/deadline';
import { isUuid } from '../domain/uuid';
import { chooseCasePayments } from '../services/choose-case-payments';
import { identifyCaller } from '../services/identify-caller';
import { type CaseMove, moveCase } from '../services/move-case';
import { noteCase } from '../services/note-case';
import { ownCase } from '../services/own-case';
import { recordShopAnswer } from '../services/record-shop-answer';
import { CALLER_REASONS, unmaskCaller } from '../services/unmask-caller';
import { findCallerContact, findCaseCampaign, findCasePage } from '../views/case-page';

/** Everything about one case. */
export const loader = staffPage('admin.cases.$id._index', async (visit) => {
  const caseId = await findOwn(visit);
  return caseId === null ? notFound(visit) : casePage(visit, caseId, {});
});

export const action = staffForms('admin.cases.$id._index', {
  take: (visit, form) => step(visit, form, (work) => ownCase(visit.portal, work)),
  note: (visit, form) => step(visit, form, (work, typed) => noteCase(visit.portal, { ...work, body: typed.body })),
  ask_shop: (visit, form) => move(visit, form, 'asking_shop'),
  ask_more: (visit, form) => move(visit, form, 'more_needed'),
  check_again: (visit, form) => move(visit, form, 'checking'),
  refuse: (visit, form) => move(visit, form, 'refused'),
  close: (visit, form) => move(visit, form, 'done'),
  shop_answer: (visit, form) => step(visit, form, (work, { answer, body }) => recordShopAnswer(visit.portal, { ...work, answer, body })),
  payments: (visit, form) =>
    step(visit, form, (work, { number }) =>
      chooseCasePayments(visit.portal, { ...work, number: form.has('number') ? number : null, payments: form.all('payment') ?? [] }),
    ),
  identify: (visit, form) =>
    step(visit, form, (work, { fact1, said1, fact2, said2 }) =>
      identifyCaller(visit.portal, {
        ...work,
        proving:
          form.one('way') === 'call_back'
            ? { way: 'call_back' }
            : {
                way: 'facts',
                said: [
                  { fact: fact1, text: said1 },
                  { fact: fact2, text: said2 },
                ],
              },
      }),
    ),
  /** Shows the whole contact on this answer only. */
  async unmask(visit, form) {
    const caseId = await findOwn(visit);
    if (caseId === null) return notFound(visit);
    const done = await unmaskCaller(visit.portal, { caseId, staff: visit.staff, reason: form.one('reason') ?? '' });
    if (done.kind === 'refused') {
      return done.reason === 'not_found' ? notFound(visit) : casePage(visit, caseId, { unmaskError: true }, 422);
    }
    return casePage(visit, caseId, { shown: await findCallerContact(visit.portal, caseId) });
  },
});

type Typed = Readonly<Record<'body' | 'reason' | 'answer' | 'number' | 'fact1' | 'said1' | 'fact2' | 'said2', string>>;
interface Work {
  readonly caseId: string;
  readonly staff: StaffVisit['staff'];
}
type Outcome = Awaited<ReturnType<typeof noteCase>>;

function move(visit: StaffVisit, form: Form, to: CaseMove): Promise<Response> {
  return step(visit, form, (work, { reason, body }) => moveCase(visit.portal, { ...work, to, reason, body }));
}

/** Takes one step and shows the case again: anew when it was taken, with what was typed when it was not. */
async function step(visit: StaffVisit, form: Form, take: (work: Work, typed: Typed) => Promise<Outcome>): Promise<Response> {
  const caseId = await findOwn(visit);
  if (caseId === null) return notFound(visit);
  const text = (name: string) => form.text(name) ?? '';
  const typed: Typed = {
    body: text('body'),
    reason: text('reason'),
    answer: text('answer'),
    number: text('number'),
    fact1: text('fact1'),
    said1: text('said1'),
    fact2: text('fact2'),
    said2: text('said2'),
  };
  const done = await take({ caseId, staff: visit.staff }, typed);
  if (done.kind === 'done') return goTo(`/admin/cases/${caseId}?did=step`);
  const { reason, field } = done;
  if (reason === 'not_found') return notFound(visit);
  return casePage(visit, caseId, { tried: { act: form.one('act') ?? '', reason, field, typed } }, 422);
}

/** The case of the address, if there is one that this member of staff may see. */
async function findOwn(visit: StaffVisit): Promise<string | null> {
  const { id } = visit.params;
  const campaignId = isUuid(id) ? await findCaseCampaign(visit.portal, id) : null;
  return id !== undefined && campaignId !== null && maySee(visit, campaignId) ? id : null;
}

async function casePage(
  visit: StaffVisit,
  caseId: string,
  of: { tried?: CaseTried; shown?: ShownCaller | null; unmaskError?: boolean },
  status = 200,
): Promise<Response> {
  const { t, token, portal, staff, now, query } = visit;
  const page = await findCasePage(portal, { caseId, now });
  if (!page) return notFound(visit);
  const { tried = null } = of;
  const did = query.one('did');
  const opened = did === 'opened' && page.state === 'received';
  const may = (permission: 'work_case' | 'refuse_case' | 'unmask_caller') => isPermitted(staff.role, permission);
  const { extendedUntil } = page;
  return showConsole(
    visit,
    showClaimNumber(page.number),
    <CaseView
      t={t}
      token={token}
      page={page}
      sentence={caseSentence(t, { ...page, yen: page.decidedYen, until: extendedUntil ? t.moment(lastMoment(extendedUntil)) : '' })}
      said={opened ? t('call.opened', { number: showClaimNumber(page.number) }) : did === 'step' && !tried ? t('case.did') : null}
      mayWork={may('work_case')}
      maySeeCaller={may('unmask_caller')}
      seesCoupons={isPermitted(staff.role, 'see.coupons')}
      reasons={CALLER_REASONS}
      shown={of.shown}
      unmaskError={of.unmaskError ?? false}
      couponError={tried?.act === 'payments' ? (tried.typed.number ?? '') : null}
    >
      <CaseForms
        t={t}
        token={token}
        view={{
          id: page.id,
          state: page.state,
          mine: page.owner?.id === staff.id,
          identified: page.identifiedAt !== null,
          hasCoupon: page.coupon !== null,
          heldPhone: page.coupon?.held?.phone ?? null,
          shopAnswer: page.shopAnswer,
          proposal: page.proposal,
          waiting: page.waiting !== null,
        }}
        tried={tried}
        may={{ work: may('work_case'), refuse: may('refuse_case') }}
      />
    </CaseView>,
    { status },
  );
}
