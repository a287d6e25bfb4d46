import type { Form } from '../auth/form';
import { recipientSentence } from '../auth/recipient-sentence';
import { consoleNotice, maySee, notFound, type StaffVisit, showConsole, staffForms, staffPage } from '../auth/staff-visit';
import { checkStepUp, offerStepUp } from '../auth/step-up';
import { ActPage, type ActPageProps } from '../components/console/act-page';
import { isPermitted, STEP_UP_ACTS } from '../domain/access';
import { ACT_RULES, type ActRefusal, PERSON_ACTS, type PersonAct } from '../domain/acts';
import { FREEZE_HOURS_MOST } from '../domain/campaign';
import { exclusiveDeadline, lastMoment } from '../domain/deadline';
import { readExactYen } from '../domain/yen';
import { type Texts, textsIn } from '../i18n/texts';
import { askAgain } from '../services/ask-again';
import { freezeGrant } from '../services/freeze-grant';
import { type ActRequest, previewAct, proposeAct } from '../services/propose-act';
import { releaseGrant } from '../services/release-grant';
import { resendLink } from '../services/resend-link';
import { type ActForm, findActForm } from '../views/act-form';
import { pageAfter } from '../views/page-after';
import { findGrantCampaign, isId } from '../views/person-page';
import type { RecipientPage } from '../views/recipient-page';

const ROUTE = 'admin.people.$grantId.$act';

/** One act on one person: what it will do, what it asks for, or the rule why it cannot be done. */
export const loader = staffPage(ROUTE, async (visit) => {
  const act = readAct(visit);
  const grantId = await findOwn(visit);
  if (!act || !grantId) return notFound(visit);
  const { role } = visit.staff;
  if (!isPermitted(role, ACT_RULES[act].permission)) return consoleNotice(visit, 'forbidden', 403, { role: visit.t(`role.${role}`) });
  return formPage(visit, { grantId, act, asked: visit.query });
});

const proposing = (act: ActRequest['act']) => (visit: StaffVisit, form: Form) =>
  onGrant(visit, act, (grantId) => propose(visit, form, act, grantId));
const direct = (act: DirectAct) => (visit: StaffVisit, form: Form) => onGrant(visit, act, (grantId) => doAtOnce(visit, form, act, grantId));

export const action = staffForms(ROUTE, {
  reissue: proposing('reissue'),
  give_back: proposing('give_back'),
  settle_doubt: proposing('settle_doubt'),
  extend: proposing('extend'),
  change_address: proposing('change_address'),
  ask_again: direct('ask_again'),
  resend: direct('resend'),
  freeze: direct('freeze'),
  release: direct('release'),
});

type DirectAct = 'ask_again' | 'resend' | 'freeze' | 'release';

/** The form's act must be the page's: what was shown is what is done. */
async function onGrant(visit: StaffVisit, act: PersonAct, handle: (grantId: string) => Promise<Response>): Promise<Response> {
  const grantId = await findOwn(visit);
  return grantId && readAct(visit) === act ? handle(grantId) : notFound(visit);
}

async function propose(visit: StaffVisit, form: Form, act: ActRequest['act'], grantId: string): Promise<Response> {
  const { portal, staff } = visit;
  const typed = typedOf(form);
  const again = (error: ActRefusal) => formPage(visit, { grantId, act, asked: form, typed, error, status: 422 });
  if (form.has('preview')) return formPage(visit, { grantId, act, asked: form, typed });
  const { reason = '', note = '', address, ...fields } = typed;
  const yen = readExactYen(form.one('yen') ?? '') ?? 0n;
  const request: ActRequest = { staff, act, grantId, fields, secret: address, reason, note, yen };
  const plan = await previewAct(portal, request);
  if ('kind' in plan) return again(plan);

  const headers = new Headers();
  if (STEP_UP_ACTS.includes(ACT_RULES[act].permission)) {
    const subject = ACT_RULES[act].subject === 'redemption' ? (fields.redemption ?? '') : grantId;
    const proof = await checkStepUp(visit, form, { act: ACT_RULES[act].permission, subject, yen });
    if (proof.kind === 'refused') return formPage(visit, { grantId, act, asked: form, typed, proof, status: 422 });
    for (const [name, value] of Object.entries(proof.headers)) headers.append(name, value);
  }
  const answer = await proposeAct(portal, request);
  if (answer.kind === 'refused') {
    const page = await again(answer);
    for (const [name, value] of headers) page.headers.append(name, value);
    return page;
  }
  headers.set('location', `/admin/people/${grantId}?approval=${answer.approvalId}`);
  return new Response(null, { status: 303, headers });
}

async function doAtOnce(visit: StaffVisit, form: Form, act: DirectAct, grantId: string): Promise<Response> {
  const { portal, staff } = visit;
  const typed = typedOf(form);
  if (form.has('preview')) return formPage(visit, { grantId, act, asked: form, typed });
  const { reason = '', note = '', redemption = '', hours = '', via } = typed;
  const request = { staff, grantId, reason, note };
  const does = {
    ask_again: () => askAgain(portal, { ...request, redemptionId: redemption }),
    resend: () => resendLink(portal, { ...request, via: via === 'mail' || via === 'sms' ? via : undefined }),
    freeze: () => freezeGrant(portal, { ...request, hours }),
    release: () => releaseGrant(portal, request),
  };
  const answer = await does[act]();
  if (answer.kind === 'refused') return formPage(visit, { grantId, act, asked: form, typed, error: answer, status: 422 });
  return new Response(null, { status: 303, headers: { location: `/admin/people/${grantId}?did=${act}` } });
}

const TYPED = [
  'redemption',
  'code',
  'reason',
  'note',
  'provider',
  'consent',
  'void',
  'evidence',
  'until',
  'hours',
  'address',
  'via',
] as const;
const IDENTITY = ['fact1', 'said1', 'fact2', 'said2'] as const;

/** What was typed; a field with characters that nobody types counts as empty. */
function typedOf(form: Form): Readonly<Record<string, string>> {
  return Object.fromEntries([...TYPED, ...IDENTITY].filter((name) => form.has(name)).map((name) => [name, form.text(name) ?? '']));
}

interface Shown {
  readonly grantId: string;
  readonly act: PersonAct;
  /** Where the page's subject stands: its address, or the form that came back. */
  readonly asked: Form;
  readonly typed?: Readonly<Record<string, string>>;
  readonly error?: ActRefusal;
  readonly proof?: { readonly reason: NonNullable<NonNullable<ActPageProps['stepUp']>['error']>; readonly minutes?: number };
  readonly status?: number;
}

async function formPage(visit: StaffVisit, { grantId, act, asked, typed = {}, error, proof, status }: Shown): Promise<Response> {
  const { portal, now, t } = visit;
  const [redemptionId, codeId] = [asked.one('redemption'), asked.one('code')];
  const form = await findActForm(portal, { grantId, act, redemptionId, codeId, now });
  if (!form) return notFound(visit);
  const { permission } = ACT_RULES[act];
  const binding = { act: permission, subject: form.subject, yen: form.yen };
  const offer = STEP_UP_ACTS.includes(permission) ? await offerStepUp(visit, binding) : null;
  return showConsole(
    visit,
    t(`person.act.${act}`),
    <ActPage
      t={t}
      token={visit.token}
      form={form}
      sentence={sentenceAfter(visit, form, typed)}
      typed={typed}
      error={error ?? null}
      stepUp={offer && { offer, error: proof?.reason ?? null, minutes: proof?.minutes }}
    />,
    { status },
  );
}

/** What the recipient will read after what is typed, in the reader's language; null when it is what they read now. */
function sentenceAfter({ t, now }: StaffVisit, form: ActForm, typed: Readonly<Record<string, string>>): ActPageProps['sentence'] {
  const { act, page, redemption, code } = form;
  const after = pageAfter(page, {
    act,
    redemptionId: redemption?.id ?? null,
    codeId: code?.id ?? null,
    provider: typed.provider ?? null,
    until: untilOf(form, typed, now),
    now,
  });
  const texts = textsIn(t.language);
  const wordsOf = (shown: RecipientPage) => {
    const own = recipientSentence(texts, shown, now);
    // The residual page says the day beside the amount, which is where a new deadline is read.
    return own.page === 'choose' ? { ...own, lead: [...own.lead, untilWords(texts, shown)] } : own;
  };
  const sentence = wordsOf(after);
  const before = wordsOf(page);
  const words = ({ title, lead, items }: typeof sentence) => JSON.stringify([title, lead, [...items.values()]]);
  return words(before) === words(sentence) ? null : { language: t.language, ...sentence };
}

function untilWords(texts: Texts, { grant }: RecipientPage): string {
  const last = lastMoment(grant.deadlineAt);
  return `${texts('amount.until', { day: texts.day(last) })} ${texts('amount.untilTime', { time: texts.time(last) })}`;
}

function untilOf({ act, person, policy }: ActForm, typed: Readonly<Record<string, string>>, now: Date): Date | null {
  const hour = 3_600_000;
  if (act === 'freeze') {
    const hours = Number(typed.hours);
    // What the act would refuse is previewed as if nothing was typed.
    return new Date(now.getTime() + (hours >= 1 && hours <= FREEZE_HOURS_MOST ? hours : policy.freezeHours) * hour);
  }
  if (act !== 'extend') return null;
  const announced = new Date(`${typed.until}T23:59:59+09:00`);
  if (!Number.isNaN(announced.getTime())) return exclusiveDeadline(announced);
  // Before a day is chosen: any later one reads the same but for the day.
  return new Date(Math.max(person.deadlineAt.getTime(), now.getTime()) + 24 * hour);
}

function readAct({ params }: StaffVisit): PersonAct | null {
  return PERSON_ACTS.find((act) => act === params.act) ?? null;
}

/** The grant of the address, if there is one that this member of staff may see. */
async function findOwn(visit: StaffVisit): Promise<string | null> {
  const { grantId } = visit.params;
  const campaignId = await findGrantCampaign(visit.portal, grantId);
  return isId(grantId) && campaignId && maySee(visit, campaignId) ? grantId : null;
}
