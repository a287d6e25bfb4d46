import { z } from 'zod';
import { ChangePage } from '../components/console/account-change-page';
import { AccountPage } from '../components/console/account-page';
import { NewPasskeyField } from '../components/console/new-passkey-field';
import { NewPasswordFields } from '../components/console/new-password-fields';
import { StepUpFields, type StepUpFieldsProps } from '../components/console/step-up-fields';
import { TotpSetUp } from '../components/console/totp-set-up';
import { passkeyPlace, readPasskeyLabel } from '../domain/passkey';
import { judgePassword } from '../domain/password';
import { newTotpSecret, totpUri } from '../domain/totp';
import { addOwnPasskey } from '../services/add-own-passkey';
import { endOwnSession } from '../services/end-own-session';
import { removeOwnPasskey } from '../services/remove-own-passkey';
import { setOwnPassword } from '../services/set-own-password';
import { setOwnTotp } from '../services/set-own-totp';
import { findStaffAccount } from '../views/staff-account';
import { issueChallenge, openChallenge } from './challenge';
import type { Form } from './form';
import { type NewPasswordProblem, readNewPassword } from './new-password';
import { registrationOptions } from './passkey-options';
import { ENDED_STAFF_COOKIE } from './staff-cookie';
import { consoleNotice, type StaffVisit, showConsole } from './staff-visit';
import { checkStepUp, offerStepUp, type StepUpBinding } from './step-up';
import { goTo } from './visit';

const CHANGES = ['add_passkey', 'remove_passkey', 'set_password', 'start_totp'] as const;
type Change = (typeof CHANGES)[number];
const DONE = ['passkey_added', 'passkey_removed', 'password_set', 'totp_set', 'session_ended'] as const;

/** Half a set-up of an authenticator is kept by the browser, sealed. */
const TOTP_PURPOSE = 'new-totp';
const TOTP_FRESH_MS = 15 * 60_000;
const totpShape = z.object({ secret: z.string(), session: z.string(), t: z.number() });

/** One's own account, or one change of it. */
export async function accountPage(visit: StaffVisit): Promise<Response> {
  const change = CHANGES.find((known) => known === visit.query.one('change'));
  if (change) return changePage(visit, change, {});
  const { t, staff, session, portal, now, token, query } = visit;
  const done = DONE.find((known) => known === query.one('now'));
  const account = await findStaffAccount(portal, { staffId: staff.id, sessionId: session.id, now });
  return showConsole(
    visit,
    t('account.title'),
    <AccountPage t={t} token={token} staff={staff} {...account} done={done ? t(`account.done.${done}`) : null} />,
  );
}

interface Problem {
  readonly error?: StepUpFieldsProps['error'];
  readonly minutes?: number;
  readonly password?: NewPasswordProblem;
}

async function changePage(visit: StaffVisit, change: Change, { error = null, minutes, password }: Problem): Promise<Response> {
  const { t, staff, token } = visit;
  const offer = await offerStepUp(visit, bindingOf(visit, change));
  const title = t(`account.${change}.title`);
  return showConsole(
    visit,
    title,
    <ChangePage
      t={t}
      token={token}
      act={change}
      title={title}
      what={t(`account.${change}.what`)}
      press={t(`account.${change}.press`)}
      back={back(visit)}
      danger={change === 'remove_passkey'}
    >
      {change === 'set_password' && <NewPasswordFields t={t} login={staff.login} problem={password ?? null} />}
      <StepUpFields t={t} offer={offer} act={title} error={error} minutes={minutes} />
    </ChangePage>,
    { status: error || password ? 422 : 200 },
  );
}

function back({ t }: StaffVisit): { href: string; text: string } {
  return { href: '/admin/account', text: t('account.title') };
}

function bindingOf(visit: StaffVisit, change: Change): StepUpBinding {
  const subject = change === 'remove_passkey' ? `${change}:${slotOf(visit)}` : change;
  return { act: 'own_account', subject, yen: null };
}

function slotOf({ query }: StaffVisit): number {
  return query.one('slot') === '2' ? 2 : 1;
}

/** Asks for the proof; null when it was given. */
async function refusedProof(visit: StaffVisit, form: Form, change: Change): Promise<Response | null> {
  const proof = await checkStepUp(visit, form, bindingOf(visit, change));
  return proof.kind === 'refused' ? changePage(visit, change, { error: proof.reason, minutes: proof.minutes }) : null;
}

function done(what: (typeof DONE)[number]): Response {
  return goTo(`/admin/account?now=${what}`);
}

/** First the proof, then on a page that only the proof opens the passkey itself. */
export async function addPasskey(visit: StaffVisit, form: Form): Promise<Response> {
  if (!form.has('passkey_registration')) return (await refusedProof(visit, form, 'add_passkey')) ?? registrationPage(visit, false);
  const opened = openChallenge(visit.portal.crypto, form.one('passkey_challenge') ?? '', registrationBound(visit), visit.now);
  if (typeof opened === 'string') return changePage(visit, 'add_passkey', { error: 'expired' });
  const result = await addOwnPasskey(visit.portal, {
    staffId: visit.staff.id,
    answer: { challenge: opened.challenge, response: form.one('passkey') ?? '' },
    label: readPasskeyLabel(form.one('label')) ?? visit.t('passkey.defaultLabel'),
    place: passkeyPlace(visit.context.publicUrl),
    now: visit.now,
  });
  if (result.kind === 'added') return done('passkey_added');
  return result.reason === 'full' ? goTo('/admin/account') : registrationPage(visit, true);
}

async function registrationPage(visit: StaffVisit, wrong: boolean): Promise<Response> {
  const { t, staff, session, portal, now, token } = visit;
  const { keys } = await findStaffAccount(portal, { staffId: staff.id, sessionId: session.id, now });
  const { challenge, sealed } = issueChallenge(portal.crypto, registrationBound(visit), now);
  const options = await registrationOptions(visit.context.publicUrl, challenge, { ...staff, staffId: staff.id, passkeys: keys.passkeys });
  const title = t('account.add_passkey.title');
  return showConsole(
    visit,
    title,
    <ChangePage t={t} token={token} act="add_passkey" title={title} what={t('invite.passkeyWhat')} press={null} back={back(visit)}>
      <input type="hidden" name="passkey_registration" value="1" />
      <NewPasskeyField t={t} offer={{ options, sealed }} text={t('invite.passkeyPress')} wrong={wrong} />
    </ChangePage>,
    { status: wrong ? 422 : 200 },
  );
}

function registrationBound({ session }: StaffVisit): string {
  return JSON.stringify(['add-passkey', session.id]);
}

/** Takes a passkey away. */
export async function removePasskey(visit: StaffVisit, form: Form): Promise<Response> {
  const refused = await refusedProof(visit, form, 'remove_passkey');
  if (refused) return refused;
  const { staff, session, now } = visit;
  const result = await removeOwnPasskey(visit.portal, { staffId: staff.id, sessionId: session.id, slot: slotOf(visit), now });
  if (result.kind === 'removed') return done('passkey_removed');
  return result.reason === 'last' ? consoleNotice(visit, 'last_means', 409) : goTo('/admin/account');
}

/** A new password. */
export async function setPassword(visit: StaffVisit, form: Form): Promise<Response> {
  const { staff, session, now } = visit;
  const read = readNewPassword(form);
  const problem = 'problem' in read ? read.problem : judgePassword(read.password, staff);
  // Before the proof: a number is good once, and should not be lost over this.
  if (problem || 'problem' in read) return changePage(visit, 'set_password', { password: problem ?? 'unreadable' });
  const refused = await refusedProof(visit, form, 'set_password');
  if (refused) return refused;
  const result = await setOwnPassword(visit.portal, { staffId: staff.id, sessionId: session.id, password: read.password, now });
  return result.kind === 'set' ? done('password_set') : changePage(visit, 'set_password', { password: result.reason });
}

/** First the proof, then the QR code of a new authenticator. */
export async function startTotp(visit: StaffVisit, form: Form): Promise<Response> {
  return (await refusedProof(visit, form, 'start_totp')) ?? totpPage(visit, newTotpSecret(), false);
}

async function totpPage(visit: StaffVisit, secret: string, wrong: boolean): Promise<Response> {
  const { t, staff, session, now, token } = visit;
  const sealed = visit.portal.crypto.sealText(TOTP_PURPOSE, JSON.stringify({ secret, session: session.id, t: now.getTime() }));
  const title = t('account.start_totp.title');
  return showConsole(
    visit,
    title,
    <ChangePage
      t={t}
      token={token}
      act="confirm_totp"
      title={title}
      what={t('account.confirmTotp.what')}
      press={t('account.confirmTotp.press')}
      back={back(visit)}
    >
      <input type="hidden" name="new_totp" value={sealed} />
      <TotpSetUp t={t} totp={{ secret, uri: totpUri(secret, staff.login) }} wrong={wrong} />
    </ChangePage>,
    { status: wrong ? 422 : 200 },
  );
}

/** The number that shows that the app has it. */
export async function confirmTotp(visit: StaffVisit, form: Form): Promise<Response> {
  const { staff, session, now, portal } = visit;
  const opened = portal.crypto.openText(TOTP_PURPOSE, form.one('new_totp') ?? '');
  const parsed = opened === null ? null : totpShape.safeParse(JSON.parse(opened));
  if (!parsed?.success || parsed.data.session !== session.id || now.getTime() - parsed.data.t > TOTP_FRESH_MS) {
    return changePage(visit, 'start_totp', { error: 'expired' });
  }
  const { secret } = parsed.data;
  const result = await setOwnTotp(portal, { staffId: staff.id, sessionId: session.id, secret, number: form.one('totp') ?? '', now });
  return result.kind === 'set' ? done('totp_set') : totpPage(visit, secret, true);
}

/** Ends one of one's own sessions; ending this one is signing out. */
export async function endSession(visit: StaffVisit, form: Form): Promise<Response> {
  const sessionId = form.one('session') ?? '';
  if (!z.uuid().safeParse(sessionId).success) return goTo('/admin/account');
  await endOwnSession(visit.portal, { staffId: visit.staff.id, sessionId, now: visit.now });
  return sessionId === visit.session.id ? goTo('/admin/sign-in', { 'set-cookie': ENDED_STAFF_COOKIE }) : done('session_ended');
}
