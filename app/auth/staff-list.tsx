import { ChangePage } from '../components/console/account-change-page';
import { InvitedPage } from '../components/console/invited-page';
import { StaffFields } from '../components/console/staff-fields';
import { StaffListPage } from '../components/console/staff-list-page';
import { StepUpFields, type StepUpFieldsProps } from '../components/console/step-up-fields';
import { type CampaignScope, isPermitted, ROLES, type Role } from '../domain/access';
import { readLogin } from '../domain/login';
import { readStaffName } from '../domain/staff-name';
import { type InviteResult, inviteStaff } from '../services/invite-staff';
import { listCampaigns } from '../views/list-campaigns';
import { listStaff } from '../views/staff-list';
import type { Form } from './form';
import { type StaffVisit, showConsole } from './staff-visit';
import { checkStepUp, offerStepUp, type StepUpBinding } from './step-up';

type Refusal = Extract<InviteResult, { kind: 'refused' }>['reason'];

interface Typed {
  readonly login: string;
  readonly name: string;
  readonly role: Role;
  readonly scope: CampaignScope;
}

interface Problem {
  readonly refusal?: Refusal;
  readonly error?: StepUpFieldsProps['error'];
  readonly minutes?: number;
}

const FRESH: Typed = { login: '', name: '', role: 'call_centre', scope: [] };
/** A new account has no id yet: the proof is for inviting, once. */
const BINDING: StepUpBinding = { act: 'invite_staff', subject: 'new', yen: null };

/** Everybody who works here, or the form that invites somebody. */
export async function staffListPage(visit: StaffVisit): Promise<Response> {
  const { t, staff, portal, now, query } = visit;
  const mayInvite = isPermitted(staff.role, 'invite_staff');
  if (mayInvite && query.has('invite')) return invitePage(visit, FRESH, {});
  const lines = await listStaff(portal, { scope: staff.scope, now });
  return showConsole(visit, t('nav.staff'), <StaffListPage t={t} staff={lines} mayInvite={mayInvite} />);
}

/** Invites somebody and shows their link, once. */
export async function invite(visit: StaffVisit, form: Form): Promise<Response> {
  const { portal, staff, now, t } = visit;
  const typed = readTyped(form);
  // Before the proof: a number is good once, and should not be lost over a slip of the pen.
  const slip = slipIn(typed);
  if (slip) return invitePage(visit, typed, { refusal: slip });
  const proof = await checkStepUp(visit, form, BINDING);
  if (proof.kind === 'refused') return invitePage(visit, typed, { error: proof.reason, minutes: proof.minutes });
  const by = { actor: `staff:${staff.id}`, staffId: staff.id, scope: staff.scope };
  const result = await inviteStaff(portal, { ...typed, by, now });
  if (result.kind === 'refused') return invitePage(visit, typed, { refusal: result.reason });
  return showInvited(visit, { name: typed.name, ...result }, t('staff.invited.title'));
}

/** The link of an invitation. It stands on this page only. */
export function showInvited(
  visit: StaffVisit,
  invited: { name: string; token: string; expiresAt: Date },
  title: string,
): Promise<Response> {
  const url = `${visit.context.publicUrl}/admin/invitations/${invited.token}`;
  return showConsole(visit, title, <InvitedPage t={visit.t} name={invited.name} url={url} expiresAt={invited.expiresAt} />);
}

/** The campaigns that a form gives; everything where it says so. */
export function readScope(form: Form): CampaignScope {
  return form.one('all') === '1' ? 'all' : (form.all('campaign') ?? []).slice(0, 200);
}

/** The role that a form gives. */
export function readRole(form: Form): Role {
  return ROLES.find((role) => role === form.one('role')) ?? 'viewer';
}

function readTyped(form: Form): Typed {
  return { login: form.one('login') ?? '', name: form.one('name') ?? '', role: readRole(form), scope: readScope(form) };
}

function slipIn({ login, name, scope }: Typed): Refusal | null {
  if (readLogin(login) === null) return 'login_invalid';
  if (readStaffName(name) === null) return 'name_invalid';
  return scope.length === 0 ? 'campaign_none' : null;
}

async function invitePage(visit: StaffVisit, typed: Typed, { refusal, error = null, minutes }: Problem): Promise<Response> {
  const { t, staff, token, portal } = visit;
  const [offer, campaigns] = await Promise.all([offerStepUp(visit, BINDING), listCampaigns(portal, staff.scope)]);
  const about = (...reasons: Refusal[]) => (refusal && reasons.includes(refusal) ? t(`staff.problem.${refusal}`) : null);
  const title = t('staff.invite');
  return showConsole(
    visit,
    title,
    <ChangePage
      t={t}
      token={token}
      act="invite"
      title={title}
      what={t('staff.inviteWhat')}
      press={t('staff.invitePress')}
      back={{ href: '/admin/staff', text: t('nav.staff') }}
    >
      <TextField
        id="login"
        label={t('signin.login')}
        hint={t('staff.loginRule')}
        value={typed.login}
        problem={about('login_invalid', 'login_taken')}
      />
      <TextField id="name" label={t('staff.name')} hint={null} value={typed.name} problem={about('name_invalid')} />
      <StaffFields
        t={t}
        choice={{ role: typed.role, all: typed.scope === 'all', campaigns: typed.scope === 'all' ? [] : typed.scope }}
        campaigns={campaigns}
        mayGiveAll={staff.scope === 'all'}
        error={about('campaign_none', 'campaign_unknown', 'scope')}
      />
      <StepUpFields t={t} offer={offer} act={title} error={error} minutes={minutes} />
    </ChangePage>,
    { status: refusal || error ? 422 : 200 },
  );
}

function TextField({
  id,
  label,
  hint,
  value,
  problem,
}: {
  id: string;
  label: string;
  hint: string | null;
  value: string;
  problem: string | null;
}) {
  const described = [hint && `${id}-hint`, problem && `${id}-error`].filter(Boolean).join(' ') || undefined;
  return (
    <p className="field">
      <label htmlFor={id}>{label}</label>
      {hint && (
        <span className="hint" id={`${id}-hint`}>
          {hint}
        </span>
      )}
      {problem && (
        <span className="field-error" id={`${id}-error`}>
          {problem}
        </span>
      )}
      <input
        id={id}
        name={id}
        defaultValue={value}
        maxLength={200}
        required
        autoComplete="off"
        aria-describedby={described}
        aria-invalid={problem ? true : undefined}
        data-focus={problem ? '' : undefined}
      />
    </p>
  );
}
