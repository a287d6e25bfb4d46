import { SignInPage, type SignInProblem } from '../components/console/sign-in-page';
import { clientWords } from '../domain/client-words';
import { readLogin } from '../domain/login';
import { signInPassword } from '../services/sign-in-password';
import type { Form } from './form';
import { safeNext } from './next';
import { openToken } from './open-visit';
import { staffCookie } from './staff-cookie';
import { deviceCookie, deviceOf } from './staff-device';
import { type ConsoleVisit, showConsole, signedIn } from './staff-visit';

interface Shown {
  readonly next: string;
  readonly login?: string;
  readonly problem?: SignInProblem;
  readonly minutes?: number;
}

/** The sign-in page, or where a person who is signed in already wanted to go. */
export async function signInPage(visit: ConsoleVisit): Promise<Response> {
  const next = safeNext(visit.query.one('next'));
  if (await signedIn(visit)) return new Response(null, { status: 303, headers: { location: next } });
  return showSignIn(visit, { next });
}

async function showSignIn(visit: ConsoleVisit, { next, login = '', problem, minutes = 1 }: Shown): Promise<Response> {
  const { token, headers } = openToken(visit);
  const status = problem === 'too_many' ? 429 : problem ? 422 : 200;
  return showConsole(
    visit,
    visit.t('signin.title'),
    <SignInPage t={visit.t} token={token} next={next === '/admin' ? '' : next} login={login} problem={problem ?? null} minutes={minutes} />,
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
