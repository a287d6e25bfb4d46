import { SignInPage, type SignInProblem } from '../components/console/sign-in-page';
import { clientWords } from '../domain/client-words';
import { readLogin } from '../domain/login';
import { passkeyPlace } from '../domain/passkey';
import { recordStoppedSignIn } from '../services/record-stopped-sign-in';
import { signInPasskey } from '../services/sign-in-passkey';
import { signInPassword } from '../services/sign-in-password';
import { issueChallenge, openChallenge } from './challenge';
import type { Form } from './form';
import { safeNext } from './next';
import { openSid, openToken } from './open-visit';
import { proofOptions } from './passkey-options';
import { readStaffToken, staffCookie } from './staff-cookie';
import { deviceCookie, deviceOf } from './staff-device';
import { type ConsoleVisit, showConsole, signedIn } from './staff-visit';

interface Shown {
  readonly next: string;
  readonly login?: string;
  readonly problem?: SignInProblem;
  readonly minutes?: number;
  readonly lapsed?: boolean;
}

/** The sign-in page, or where a person who is signed in already wanted to go. */
export async function signInPage(visit: ConsoleVisit): Promise<Response> {
  const next = safeNext(visit.query.one('next'));
  if (await signedIn(visit)) return new Response(null, { status: 303, headers: { location: next } });
  // Who comes with a session that is over had been signed in.
  const lapsed = readStaffToken(visit.request) !== null;
  return showSignIn(visit, { next, lapsed });
}

async function showSignIn(visit: ConsoleVisit, { next, login = '', problem, minutes = 1, lapsed = false }: Shown): Promise<Response> {
  const { sid, token, headers } = openToken(visit);
  const { challenge, sealed } = issueChallenge(visit.portal.crypto, boundTo(sid), visit.now);
  const passkey = { options: await proofOptions(visit.context.publicUrl, challenge), sealed };
  const status = problem === 'too_many' ? 429 : problem ? 422 : 200;
  return showConsole(
    visit,
    visit.t('signin.title'),
    <SignInPage
      t={visit.t}
      token={token}
      passkey={passkey}
      next={next === '/admin' ? '' : next}
      login={login}
      problem={problem ?? null}
      minutes={minutes}
      lapsed={lapsed ? (visit.context.rehearsal ? 'clock' : 'idle') : null}
    />,
    { status, headers: problem === 'too_many' ? { ...headers, 'retry-after': String(minutes * 60) } : headers },
  );
}

/** Login, password and the authenticator's number. */
export async function signInByPassword(visit: ConsoleVisit, form: Form): Promise<Response> {
  const { crypto } = visit.portal;
  const next = safeNext(form.one('next'));
  const typed = form.one('login') ?? '';
  const login = readLogin(typed);
  const counted = login ?? typed.slice(0, 200);
  const device = deviceOf(crypto, visit.request, counted);
  const verdict = await visit.console.allowSignIn({ login: counted, ip: visit.context.clientIp, device });
  if (!verdict.ok) {
    if (verdict.first) await recordStoppedSignIn(visit.portal, { login, now: visit.now });
    return showSignIn(visit, { next, login: typed, problem: 'too_many', minutes: Math.ceil(verdict.retryAfterSeconds / 60) });
  }
  const result = await signInPassword(visit.portal, {
    login,
    password: form.one('password') ?? '',
    totp: form.one('totp') ?? '',
    ...(await browserOf(visit)),
    now: visit.now,
  });
  if (result.kind === 'refused') return showSignIn(visit, { next, login: typed, problem: 'wrong' });
  await verdict.forgive();
  return enter(visit, result, next);
}

/** A passkey: it says by itself whose it is. */
export async function signInByPasskey(visit: ConsoleVisit, form: Form): Promise<Response> {
  const next = safeNext(form.one('next'));
  const verdict = await visit.console.allowSignIn({ login: null, ip: visit.context.clientIp, device: null });
  if (!verdict.ok) {
    if (verdict.first) await recordStoppedSignIn(visit.portal, { login: null, now: visit.now });
    return showSignIn(visit, { next, problem: 'too_many', minutes: Math.ceil(verdict.retryAfterSeconds / 60) });
  }
  const opened = openChallenge(visit.portal.crypto, form.one('passkey_challenge') ?? '', boundTo(openSid(visit)), visit.now);
  if (typeof opened === 'string') return showSignIn(visit, { next, problem: 'passkey' });
  const result = await signInPasskey(visit.portal, {
    answer: { challenge: opened.challenge, response: form.one('passkey') ?? '' },
    place: passkeyPlace(visit.context.publicUrl),
    ...(await browserOf(visit)),
    now: visit.now,
  });
  if (result.kind === 'refused') return showSignIn(visit, { next, problem: 'passkey' });
  await verdict.forgive();
  return enter(visit, result, next);
}

function boundTo(sid: string): string {
  return JSON.stringify(['sign-in', sid]);
}

/** What a new session is told of the browser. */
export async function browserOf(visit: ConsoleVisit): Promise<{ client: string; previousSessionId: string | null }> {
  const before = await signedIn(visit);
  return { client: clientWords(visit.request.headers.get('user-agent') ?? ''), previousSessionId: before?.session.id ?? null };
}

/** Lets somebody in: the session's cookie, and the device's, which from now on knows them. */
export function enter(visit: ConsoleVisit, { token, login }: { token: string; login: string }, next: string): Response {
  const response = new Response(null, { status: 303, headers: { location: next } });
  response.headers.append('set-cookie', staffCookie(token));
  response.headers.append('set-cookie', deviceCookie(visit.portal.crypto, visit.request, login));
  return response;
}
