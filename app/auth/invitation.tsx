import { InvitationPage } from '../components/console/invitation-page';
import { ConsoleNotice } from '../components/console/notice';
import { passkeyPlace, readPasskeyLabel } from '../domain/passkey';
import { type AcceptedMeans, type AcceptResult, acceptInvitation } from '../services/accept-invitation';
import { chooseInvitedPassword } from '../services/choose-invited-password';
import { findInvitation, type InvitationView } from '../views/find-invitation';
import { issueChallenge, openChallenge } from './challenge';
import type { Form } from './form';
import { type NewPasswordProblem, readNewPassword } from './new-password';
import { openToken } from './open-visit';
import { registrationOptions } from './passkey-options';
import { browserOf, enter } from './sign-in';
import { type ConsoleVisit, consoleNotice, showConsole } from './staff-visit';

/** The page of an invitation: what to sign in with. Opening it changes nothing. */
export async function invitationPage(visit: ConsoleVisit): Promise<Response> {
  const found = await find(visit);
  return found instanceof Response ? found : show(visit, found, null);
}

/** The first half of password and authenticator. */
export async function acceptPassword(visit: ConsoleVisit, form: Form): Promise<Response> {
  const found = await find(visit);
  if (found instanceof Response) return found;
  const read = readNewPassword(form);
  if ('problem' in read) return show(visit, found, read.problem);
  const result = await chooseInvitedPassword(visit.portal, { token: tokenOf(visit), password: read.password, now: visit.now });
  if (result.kind === 'gone') return gone(visit);
  if (result.kind === 'refused') return show(visit, found, result.reason);
  return new Response(null, { status: 303, headers: { location: visit.url.pathname } });
}

/** The second half. */
export async function acceptTotp(visit: ConsoleVisit, form: Form): Promise<Response> {
  return accept(visit, { kind: 'totp', number: form.one('totp') ?? '' });
}

/** A passkey, in one step. */
export async function acceptPasskey(visit: ConsoleVisit, form: Form): Promise<Response> {
  const found = await find(visit);
  if (found instanceof Response) return found;
  const opened = openChallenge(visit.portal.crypto, form.one('passkey_challenge') ?? '', boundTo(found), visit.now);
  if (typeof opened === 'string') return show(visit, found, 'passkey');
  return accept(visit, {
    kind: 'passkey',
    answer: { challenge: opened.challenge, response: form.one('passkey') ?? '' },
    label: readPasskeyLabel(form.one('label')) ?? visit.t('passkey.defaultLabel'),
    place: passkeyPlace(visit.context.publicUrl),
  });
}

async function accept(visit: ConsoleVisit, means: AcceptedMeans): Promise<Response> {
  const found = await find(visit);
  if (found instanceof Response) return found;
  // The number of a new authenticator can be guessed as any other.
  const verdict = await visit.console.allowProof(found.staffId);
  if (!verdict.ok) return consoleNotice(visit, 'too_many', 429, { minutes: Math.ceil(verdict.retryAfterSeconds / 60) });
  const result: AcceptResult = await acceptInvitation(visit.portal, {
    token: tokenOf(visit),
    means,
    ...(await browserOf(visit)),
    now: visit.now,
  });
  if (result.kind === 'gone') return gone(visit);
  if (result.kind === 'refused') return show(visit, found, means.kind);
  await verdict.forgive();
  return enter(visit, result, '/admin');
}

function tokenOf(visit: ConsoleVisit): string {
  return visit.params.token ?? '';
}

async function find(visit: ConsoleVisit): Promise<InvitationView | Response> {
  const token = tokenOf(visit);
  const found = /^[A-Za-z0-9_-]{22}$/.test(token) ? await findInvitation(visit.portal, { token, now: visit.now }) : null;
  return found ?? gone(visit);
}

function gone(visit: ConsoleVisit): Promise<Response> {
  const { t } = visit;
  const next = { href: '/admin/sign-in', text: t('signin.title') };
  return showConsole(
    visit,
    t('invite.gone.title'),
    <ConsoleNotice title={t('invite.gone.title')} what={t('invite.gone.what')} next={next} />,
    {
      status: 404,
    },
  );
}

async function show(
  visit: ConsoleVisit,
  found: InvitationView,
  problem: NewPasswordProblem | 'totp' | 'passkey' | null,
): Promise<Response> {
  const { token, headers } = openToken(visit);
  const { challenge, sealed } = issueChallenge(visit.portal.crypto, boundTo(found), visit.now);
  const options = await registrationOptions(visit.context.publicUrl, challenge, { ...found, passkeys: [] });
  const choosing = !found.hasPassword || visit.query.one('step') === 'choose' || (problem !== null && problem !== 'totp');
  return showConsole(
    visit,
    visit.t('invite.title'),
    <InvitationPage
      t={visit.t}
      token={token}
      person={found}
      step={choosing ? 'choose' : 'totp'}
      passkey={{ options, sealed }}
      totp={found.totp}
      problem={problem}
    />,
    { status: problem ? 422 : 200, headers },
  );
}

function boundTo({ id }: InvitationView): string {
  return JSON.stringify(['invitation', id]);
}
