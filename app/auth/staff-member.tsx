import { z } from 'zod';
import { ChangePage } from '../components/console/account-change-page';
import { StaffFields } from '../components/console/staff-fields';
import { type StaffAct, StaffMemberPage } from '../components/console/staff-member-page';
import { StepUpFields, type StepUpFieldsProps } from '../components/console/step-up-fields';
import { type CampaignScope, isPermitted, type Permission, type Role } from '../domain/access';
import { changeStaff } from '../services/change-staff';
import { disableStaff } from '../services/disable-staff';
import { enableStaff } from '../services/enable-staff';
import { endStaffSessions } from '../services/end-staff-sessions';
import { inviteStaffAgain } from '../services/invite-staff-again';
import { listCampaigns } from '../views/list-campaigns';
import { listStaff, type StaffLine } from '../views/staff-list';
import type { Form } from './form';
import { readRole, readScope, showInvited } from './staff-list';
import { notFound, type StaffVisit, showConsole } from './staff-visit';
import { checkStepUp, offerStepUp, type StepUpBinding } from './step-up';
import { goTo } from './visit';

const NEEDS: Readonly<Record<StaffAct, Permission>> = {
  change: 'change_staff',
  invite_again: 'invite_staff',
  disable: 'change_staff',
  enable: 'change_staff',
  end_sessions: 'end_sessions',
};
const ACTS = Object.keys(NEEDS) as StaffAct[];
const DONE = ['changed', 'unchanged', 'disabled', 'enabled', 'ended'] as const;

type Refusal = 'unknown' | 'disabled' | 'own_account' | 'last_administrator' | 'campaign_unknown' | 'campaign_none' | 'scope';

interface Problem {
  readonly refusal?: Exclude<Refusal, 'unknown'>;
  readonly error?: StepUpFieldsProps['error'];
  readonly minutes?: number;
  readonly typed?: { readonly role: Role; readonly scope: CampaignScope };
}

/** One person of the staff, or one act on their account. */
export async function staffMemberPage(visit: StaffVisit): Promise<Response> {
  const person = await find(visit);
  if (!person) return notFound(visit);
  const { t, query } = visit;
  const act = ACTS.find((known) => known === query.one('do'));
  if (act && offReason(visit, person, act) === null && isPermitted(visit.staff.role, NEEDS[act])) return actPage(visit, person, act, {});
  const done = DONE.find((known) => known === query.one('now'));
  const acts = ACTS.filter((each) => isPermitted(visit.staff.role, NEEDS[each]) && (each !== 'enable' || person.state === 'disabled'))
    .filter((each) => each !== 'disable' || person.state !== 'disabled')
    .map((each) => ({ act: each, off: offReason(visit, person, each) }));
  return showConsole(
    visit,
    person.name,
    <StaffMemberPage t={t} person={person} acts={acts} done={done ? t(`staff.done.${done}`) : null} />,
  );
}

/** Another role, other campaigns. */
export function change(visit: StaffVisit, form: Form): Promise<Response> {
  const typed = { role: readRole(form), scope: readScope(form) };
  return doAct(visit, form, 'change', typed, async (person, by) => {
    const result = await changeStaff(visit.portal, { staffId: person.id, ...typed, by, now: visit.now });
    return result.kind === 'refused' ? result.reason : onward(person, result.kind);
  });
}

/** A new one-time link. */
export function inviteAgain(visit: StaffVisit, form: Form): Promise<Response> {
  return doAct(visit, form, 'invite_again', undefined, async (person, by) => {
    const result = await inviteStaffAgain(visit.portal, { staffId: person.id, by, now: visit.now });
    return result.kind === 'refused' ? result.reason : showInvited(visit, { name: person.name, ...result }, visit.t('staff.invited.title'));
  });
}

/** Out of use. */
export function disable(visit: StaffVisit, form: Form): Promise<Response> {
  return doAct(visit, form, 'disable', undefined, async (person, by) => {
    const result = await disableStaff(visit.portal, { staffId: person.id, by, now: visit.now });
    return result.kind === 'refused' ? result.reason : onward(person, result.kind);
  });
}

/** Back into use. */
export function enable(visit: StaffVisit, form: Form): Promise<Response> {
  return doAct(visit, form, 'enable', undefined, async (person, by) => {
    const result = await enableStaff(visit.portal, { staffId: person.id, by, now: visit.now });
    return result.kind === 'refused' ? result.reason : onward(person, result.kind);
  });
}

/** Signed out everywhere. */
export function endSessions(visit: StaffVisit, form: Form): Promise<Response> {
  return doAct(visit, form, 'end_sessions', undefined, async (person, by) => {
    const result = await endStaffSessions(visit.portal, { staffId: person.id, by, now: visit.now });
    return result.kind === 'refused' ? result.reason : onward(person, 'ended');
  });
}

interface By {
  readonly actor: string;
  readonly staffId: string;
  readonly scope: CampaignScope;
}

async function doAct(
  visit: StaffVisit,
  form: Form,
  act: StaffAct,
  typed: Problem['typed'],
  work: (person: StaffLine, by: By) => Promise<Response | Refusal>,
): Promise<Response> {
  const person = await find(visit);
  if (!person) return notFound(visit);
  const proof = await checkStepUp(visit, form, bindingOf(person, act));
  if (proof.kind === 'refused') return actPage(visit, person, act, { error: proof.reason, minutes: proof.minutes, typed });
  const { staff } = visit;
  const result = await work(person, { actor: `staff:${staff.id}`, staffId: staff.id, scope: staff.scope });
  if (result instanceof Response) return result;
  return result === 'unknown' ? notFound(visit) : actPage(visit, person, act, { refusal: result, typed });
}

/** The proof is for this act on this person. */
function bindingOf(person: StaffLine, act: StaffAct): StepUpBinding {
  return { act: NEEDS[act], subject: `${act}:${person.id}`, yen: null };
}

async function find(visit: StaffVisit): Promise<StaffLine | null> {
  const id = visit.params.id ?? '';
  if (!z.uuid().safeParse(id).success) return null;
  const [person] = await listStaff(visit.portal, { scope: visit.staff.scope, now: visit.now, id });
  return person ?? null;
}

function offReason({ t, staff }: StaffVisit, person: StaffLine, act: StaffAct): string | null {
  if (person.id === staff.id && act !== 'end_sessions') return t('staff.problem.own_account');
  return act === 'invite_again' && person.state === 'disabled' ? t('staff.problem.disabled') : null;
}

function onward(person: StaffLine, done: (typeof DONE)[number]): Response {
  return goTo(`/admin/staff/${person.id}?now=${done}`);
}

async function actPage(
  visit: StaffVisit,
  person: StaffLine,
  act: StaffAct,
  { refusal, error = null, minutes, typed }: Problem,
): Promise<Response> {
  const { t, staff, token, portal } = visit;
  const offer = await offerStepUp(visit, bindingOf(person, act));
  const title = t(`staff.${act}.title`);
  const { role, scope } = typed ?? person;
  const inFields = refusal === 'campaign_none' || refusal === 'campaign_unknown' || refusal === 'scope';
  return showConsole(
    visit,
    title,
    <ChangePage
      t={t}
      token={token}
      act={act}
      title={t('staff.actOn', { act: title, name: person.name })}
      what={t(`staff.${act}.what`)}
      press={title}
      back={{ href: `/admin/staff/${person.id}`, text: person.name }}
      danger={act === 'disable'}
    >
      {refusal && !inFields && (
        <p className="message fail" role="alert" data-focus tabIndex={-1}>
          {t(`staff.problem.${refusal}`)}
        </p>
      )}
      {act === 'change' && (
        <StaffFields
          t={t}
          choice={{ role, all: scope === 'all', campaigns: scope === 'all' ? [] : scope }}
          campaigns={await listCampaigns(portal, staff.scope)}
          mayGiveAll={staff.scope === 'all'}
          error={inFields && refusal ? t(`staff.problem.${refusal}`) : null}
        />
      )}
      <StepUpFields t={t} offer={offer} act={title} error={error} minutes={minutes} />
    </ChangePage>,
    { status: refusal || error ? 422 : 200 },
  );
}
