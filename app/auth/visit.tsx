import type { ActionFunctionArgs, AppLoadContext, LoaderFunctionArgs } from '@remix-run/node';
import type { ReactNode } from 'react';
import { renderDocument } from '../components/document';
import type { FrameProps } from '../components/frame';
import type { Office } from '../components/help-box';
import { type Notice, NoticePage } from '../components/notice-page';
import type { ProviderFace } from '../components/provider-face';
import { REFUSALS, type Refusal, refuse } from '../domain/refusal';
import { type Texts, textsIn } from '../i18n/texts';
import { getProvider, type Portal } from '../portal';
import { listOffices } from '../views/list-offices';
import { findRecipientPage, type RecipientPage } from '../views/recipient-page';
import { compressed } from './compressed';
import { type Form, formOf, formToken, readForm } from './form';
import { chooseLanguage, languageCookie } from './language';
import { refusalNotice } from './refusal-notice';
import { ENDED_COOKIE, type RecipientSession, readSession, refreshed, sessionCookie } from './session';

/** One request to a page, by whomever. */
export interface Visit {
  readonly context: AppLoadContext;
  readonly request: Request;
  readonly url: URL;
  /** The query, read as carefully as a form. */
  readonly query: Form;
  readonly params: Readonly<Record<string, string | undefined>>;
  readonly t: Texts;
  readonly now: Date;
}

/** A request by somebody who opened a link, with all that their pages show. */
export interface RecipientVisit extends Visit {
  readonly session: RecipientSession;
  readonly page: RecipientPage;
  /** Goes into every form. */
  readonly token: string;
}

type Handler<V> = (visit: V) => Response | Promise<Response>;

/** A page for everybody. */
export function forEveryone(handle: Handler<Visit>) {
  return (args: LoaderFunctionArgs | ActionFunctionArgs) => answer(args, READING, handle);
}

/** A page for who opened a link; all others read that the session has ended. */
export function forRecipient(handle: Handler<RecipientVisit>) {
  return (args: LoaderFunctionArgs) => answer(args, READING, (visit) => withSession(visit, handle));
}

/** A form of who opened a link, sent from one of our own pages. */
export function onForm(handle: (visit: RecipientVisit, form: Form) => Response | Promise<Response>) {
  return (args: ActionFunctionArgs) =>
    answer(args, ['POST'], async (visit) => {
      const { portal, publicUrl } = visit.context;
      const session = readSession(portal.crypto, visit.request, visit.now);
      const form = await readForm(visit.request, portal.crypto, { sid: session?.sid ?? '', publicUrl });
      // Who has lost the session reads that, not that the form was forged; either way nothing is done.
      if ('kind' in form)
        return refusalPage(visit, form.reason === 'form_expired' && !session && mayBeOurs(visit) ? refuse('session_ended') : form);
      return withSession(visit, (own) => {
        visit.context.opens.acted(own.session.sid);
        return handle(own, form);
      });
    });
}

/** The forms of a page for everybody; whoever handles them reads the form with the care it needs. */
export function onOpenForm(handle: Handler<Visit>) {
  return (args: ActionFunctionArgs) => answer(args, ['POST'], handle);
}

/** For routes that only read: every other method gets a 405. */
export const readOnly = (args: ActionFunctionArgs) => answer(args, READING, (visit) => methodNotAllowed(visit, READING));

const READING = ['GET', 'HEAD'];

/** What went wrong says so first in its title; a state (frozen, closed, nothing left) is no error. */
const ERRORS: readonly number[] = [400, 403, 404, 405, 413, 422, 429, 500];

/** Answers with a page of this visit. */
export function show(
  visit: Visit | RecipientVisit,
  title: string,
  content: ReactNode,
  options: { status?: number; headers?: HeadersInit; refreshSeconds?: number; css?: string; office?: Office } = {},
): Response {
  const frame: FrameProps = {
    t: visit.t,
    title: ERRORS.includes(options.status ?? 200) ? visit.t('errors.label') + title : title,
    nonce: visit.context.nonce,
    office: 'page' in visit ? visit.page.campaign : (options.office ?? null),
    otherLanguage: otherLanguage(visit),
    rehearsal: visit.context.rehearsal,
    refreshSeconds: options.refreshSeconds,
    css: options.css,
  };
  const { body, headers } = compressed(renderDocument(frame, content), visit.request);
  const response = new Response(body, { status: options.status, headers: options.headers });
  // The web process adds the protective headers.
  const own = { 'content-type': 'text/html; charset=utf-8', 'content-language': visit.t.language, ...headers };
  for (const [name, value] of Object.entries(own)) response.headers.set(name, value);
  return response;
}

/** Answers with a notice: what happened, what is safe, what to do. JSON clients get problem+json. */
export async function showNotice(
  visit: Visit | RecipientVisit,
  notice: Notice,
  { status, type, headers = {} }: { status: number; type: string; headers?: HeadersInit },
): Promise<Response> {
  if (wantsJson(visit.request)) {
    const { title, what, reference } = notice;
    const problem = { type: `urn:uketori:${type}`, title, status, detail: what, instance: visit.url.pathname, reference };
    const response = Response.json(problem, { status, headers });
    response.headers.set('content-type', 'application/problem+json; charset=utf-8');
    return response;
  }
  const own = 'page' in visit ? visit.page : null;
  const offices: readonly Office[] = own ? [own.campaign] : await listOffices(visit.context.portal);
  return show(visit, notice.title, <NoticePage t={visit.t} notice={notice} offices={offices} number={own?.grant.number} />, {
    status,
    headers,
  });
}

/** Answers with a refusal in words, under its status. */
export function refusalPage(visit: Visit | RecipientVisit, refusal: Refusal, retryAfterSeconds?: number): Promise<Response> {
  const headers = new Headers();
  if (retryAfterSeconds !== undefined) headers.set('retry-after', String(retryAfterSeconds));
  if (refusal.reason === 'session_ended') headers.append('set-cookie', ENDED_COOKIE);
  const page = 'page' in visit ? visit.page : null;
  const signedIn = page !== null || readSession(visit.context.portal.crypto, visit.request, visit.now) !== null;
  return showNotice(visit, refusalNotice(visit.t, refusal, page, { retryAfterSeconds, signedIn }), {
    status: REFUSALS[refusal.reason],
    type: refusal.reason,
    headers,
  });
}

/** Sends on to another page, to be read with GET. */
export function goTo(path: string, headers: HeadersInit = {}): Response {
  const response = new Response(null, { status: 303, headers });
  response.headers.set('location', path);
  return response;
}

/** How a provider is shown to this recipient. */
export function faceOf({ page, context }: RecipientVisit, provider: string): ProviderFace {
  return faceOfPage(page, context.portal, provider);
}

/** The same for a page that is nobody's. */
export function faceOfPage(page: RecipientPage, portal: Pick<Portal, 'providers'>, provider: string): ProviderFace {
  const label = [...page.offers, ...page.redemptions].find((own) => own.provider === provider)?.label ?? { ja: provider, en: provider };
  return { id: provider, label, brand: getProvider(portal, provider).brand, logo: page.campaign.logos?.[provider] ?? null };
}

async function answer(
  args: LoaderFunctionArgs | ActionFunctionArgs,
  methods: readonly string[],
  handle: Handler<Visit>,
): Promise<Response> {
  const { request, context, params } = args;
  const url = new URL(request.url);
  const visit: Visit = {
    context,
    request,
    url,
    query: formOf(url.searchParams),
    params,
    t: textsIn(chooseLanguage(request, url)),
    now: context.portal.clock.now(),
  };
  try {
    const response = await (methods.includes(request.method) ? handle(visit) : methodNotAllowed(visit, methods));
    const switched = languageCookie(url);
    if (switched) response.headers.append('set-cookie', switched);
    return response;
  } catch (error) {
    return failure(visit, error);
  }
}

async function withSession(visit: Visit, handle: Handler<RecipientVisit>): Promise<Response> {
  const { portal } = visit.context;
  const session = readSession(portal.crypto, visit.request, visit.now);
  const page = session && (await findRecipientPage(portal.db, { grantId: session.grantId, now: visit.now }));
  // A change of address ends what the old link had opened.
  if (!session || !page || page.grant.linkGeneration !== session.generation) return refusalPage(visit, refuse('session_ended'));
  const response = await handle({ ...visit, session, page, token: formToken(portal.crypto, session.sid) });
  const renewed = refreshed(session, visit.now);
  if (renewed) response.headers.append('set-cookie', sessionCookie(portal.crypto, renewed));
  return response;
}

/** Our own failure: a reference to find it by, and that nothing is lost. What failed is logged and never shown. */
function failure(visit: Visit, error: unknown): Promise<Response> | Response {
  const { t, context } = visit;
  const key = Buffer.from(context.portal.crypto.newKey(), 'base64url').toString('hex').toUpperCase();
  const reference = `${key.slice(0, 4)}-${key.slice(4, 8)}`;
  const { name, message, stack } = error instanceof Error ? error : { name: 'thrown', message: String(error), stack: undefined };
  context.portal.log.error({ reference, method: visit.request.method, error: { name, message, stack } }, 'a page failed');
  const notice: Notice = {
    title: t('failure.title'),
    what: t('failure.what'),
    safe: t('failure.safe'),
    act: t('failure.do'),
    reference,
    tone: 'stop',
    next: { href: '/receive', text: t('notice.back'), primary: false },
  };
  return showNotice(visit, notice, { status: 500, type: 'failure' });
}

function methodNotAllowed(visit: Visit, methods: readonly string[]): Promise<Response> {
  const { t } = visit;
  const notice: Notice = {
    title: t('method_not_allowed.title'),
    what: t('method_not_allowed.what'),
    safe: t('method_not_allowed.safe'),
    act: t('method_not_allowed.do'),
    tone: 'stop',
    next: { href: '/receive', text: t('notice.back'), primary: false },
  };
  return showNotice(visit, notice, { status: 405, type: 'method_not_allowed', headers: { allow: methods.join(', ') } });
}

function otherLanguage({ url, t }: Visit): string {
  const query = new URLSearchParams(url.search);
  query.set('lang', t('language.otherCode'));
  return `?${query}`;
}

function wantsJson(request: Request): boolean {
  const accept = request.headers.get('accept') ?? '';
  return accept.includes('json') && !accept.includes('text/html');
}

/** Whether a form without a session may have come from a page of ours that was left open too long. */
function mayBeOurs({ request }: Visit): boolean {
  return request.headers.get('sec-fetch-site') === 'same-origin';
}
