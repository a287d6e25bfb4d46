import type { ActionFunctionArgs, AppLoadContext, LoaderFunctionArgs } from '@remix-run/node';
import type { ReactNode } from 'react';
import { renderConsole } from '../components/console/document';
import { ConsoleNotice } from '../components/console/notice';
import { CONSOLE_ROUTES, type ConsoleRouteId, isInScope, isPermitted, type Permission } from '../domain/access';
import { type ConsoleTexts, consoleTextsIn } from '../i18n/console/texts';
import type { ConsoleContext, Portal } from '../portal';
import { touchSession } from '../services/touch-session';
import { countWaiting } from '../views/console-badges';
import { findStaffSession, type StaffMember, type StaffSessionView } from '../views/staff-session';
import { type Form, formOf, formToken, readForm } from './form';
import { chooseLanguage, languageCookie } from './language';
import { readStaffToken } from './staff-cookie';
import { readUpload, type Upload } from './upload';

/** One request to the console, by whomever. */
export interface ConsoleVisit {
  readonly context: AppLoadContext;
  readonly console: ConsoleContext;
  /** The portal over the console's own connections. */
  readonly portal: Portal;
  readonly request: Request;
  readonly url: URL;
  readonly query: Form;
  readonly params: Readonly<Record<string, string | undefined>>;
  readonly t: ConsoleTexts;
  readonly now: Date;
  /** Which page it is, for the menu. */
  readonly route: ConsoleRouteId;
  /** The session's new cookie once a proof was given: it goes with the answer, whatever that is. */
  readonly renewal: { cookie: string | null };
}

/** A request by a member of staff who may read this page. */
export interface StaffVisit extends ConsoleVisit {
  readonly session: StaffSessionView;
  readonly staff: StaffMember;
  /** Goes into every form. */
  readonly token: string;
}

type Handler<V> = (visit: V) => Response | Promise<Response>;
type FormHandler<V> = (visit: V, form: Form) => Response | Promise<Response>;

/** The page of a route, for staff whose role may read it. Others are asked to sign in, or read why not. */
export function staffPage(route: ConsoleRouteId, handle: Handler<StaffVisit>) {
  return (args: LoaderFunctionArgs) =>
    answer(route, args, READING, async (visit) => {
      const own = await signedIn(visit);
      if (!own) return toSignIn(visit);
      const { read } = CONSOLE_ROUTES[route];
      return read === null || isPermitted(own.staff.role, read) ? handle(own) : forbidden(own);
    });
}

type ActsOf<R extends ConsoleRouteId> = keyof (typeof CONSOLE_ROUTES)[R]['acts'] & string;

/**
 * The forms of a route by their field `act`: each is handled only for a role that may do it, with a session, a form
 * of this session and from our own page. Reading permission is needed as well.
 */
export function staffForms<R extends ConsoleRouteId>(route: R, handlers: Readonly<Record<ActsOf<R>, FormHandler<StaffVisit>>>) {
  return (args: ActionFunctionArgs) =>
    answer(route, args, ['POST'], async (visit) => {
      const own = await signedIn(visit);
      if (!own) return signedOut(visit);
      const form = await readForm(visit.request, visit.portal.crypto, { sid: own.session.id, publicUrl: visit.context.publicUrl });
      if ('kind' in form) return refusedForm(own, form.reason);
      return dispatch(own, route, form, handlers);
    });
}

type UploadHandler = (visit: StaffVisit, form: Form, file: Upload['file']) => Response | Promise<Response>;

/** The same for a page one of whose forms holds a file; the file is gone when the answer is. */
export function staffUploads<R extends ConsoleRouteId>(route: R, handlers: Readonly<Record<ActsOf<R>, UploadHandler>>) {
  return (args: ActionFunctionArgs) =>
    answer(route, args, ['POST'], async (visit) => {
      const own = await signedIn(visit);
      if (!own) return signedOut(visit);
      const expected = { sid: own.session.id, publicUrl: visit.context.publicUrl };
      const holdsFile = /^multipart\/form-data/i.test(visit.request.headers.get('content-type') ?? '');
      if (!holdsFile) {
        const form = await readForm(visit.request, visit.portal.crypto, expected);
        return 'kind' in form ? refusedForm(own, form.reason) : dispatch(own, route, form, withFile(handlers, null));
      }
      const upload = await readUpload(visit.request, visit.portal.crypto, expected);
      if ('kind' in upload) return refusedForm(own, upload.reason);
      try {
        return await dispatch(own, route, upload.form, withFile(handlers, upload.file));
      } finally {
        await upload.dispose();
      }
    });
}

function withFile<Act extends string>(
  handlers: Readonly<Record<Act, UploadHandler>>,
  file: Upload['file'],
): Readonly<Record<Act, FormHandler<StaffVisit>>> {
  const bound = Object.entries<UploadHandler>(handlers).map(([act, handle]) => [
    act,
    (visit: StaffVisit, form: Form) => handle(visit, form, file),
  ]);
  return Object.fromEntries(bound) as Readonly<Record<Act, FormHandler<StaffVisit>>>;
}

async function dispatch<R extends ConsoleRouteId>(
  own: StaffVisit,
  route: R,
  form: Form,
  handlers: Readonly<Record<ActsOf<R>, FormHandler<StaffVisit>>>,
): Promise<Response> {
  const { read, acts } = CONSOLE_ROUTES[route] as { read: Permission | null; acts: Readonly<Record<string, Permission | null>> };
  const act = form.one('act') ?? '';
  if (!Object.hasOwn(acts, act)) return refusedForm(own, 'form_expired');
  const needed = acts[act];
  const { role } = own.staff;
  if ((read !== null && !isPermitted(role, read)) || (needed && !isPermitted(role, needed))) return forbidden(own);
  return handlers[act as ActsOf<R>](own, form);
}

/** A page before anybody is signed in. */
export function openPage(route: ConsoleRouteId, handle: Handler<ConsoleVisit>) {
  return (args: LoaderFunctionArgs) => answer(route, args, READING, handle);
}

/**
 * The forms of a page before anybody is signed in. They carry the token of the page's own short secret (`sid`), which
 * `openToken` puts into a cookie.
 */
export function openForms<R extends ConsoleRouteId>(
  route: R,
  sidOf: (visit: ConsoleVisit) => string,
  handlers: Readonly<Record<ActsOf<R>, FormHandler<ConsoleVisit>>>,
) {
  return (args: ActionFunctionArgs) =>
    answer(route, args, ['POST'], async (visit) => {
      const form = await readForm(visit.request, visit.portal.crypto, { sid: sidOf(visit), publicUrl: visit.context.publicUrl });
      if ('kind' in form) return refusedForm(visit, form.reason);
      const act = form.one('act') ?? '';
      if (!Object.hasOwn(handlers, act)) return refusedForm(visit, 'form_expired');
      return handlers[act as ActsOf<R>](visit, form);
    });
}

/** Whether this member of staff may see a campaign's things. */
export function maySee(visit: StaffVisit, campaignId: string): boolean {
  return isInScope(visit.staff.scope, campaignId);
}

const READING = ['GET', 'HEAD'];

export interface ConsolePageOptions {
  readonly status?: number;
  readonly headers?: HeadersInit;
  /** Look again after so many seconds: for pages that show progress. */
  readonly refreshSeconds?: number;
}

/** Answers with a page of the console. */
export async function showConsole(
  visit: ConsoleVisit | StaffVisit,
  title: string,
  content: ReactNode,
  options: ConsolePageOptions = {},
): Promise<Response> {
  const { t, context, url } = visit;
  const query = new URLSearchParams(url.search);
  query.set('lang', t('frame.otherCode'));
  const staff = 'staff' in visit ? visit.staff : null;
  const html = renderConsole(
    {
      t,
      title: (options.status ?? 200) >= 400 ? t('frame.error') + title : title,
      nonce: context.nonce,
      otherLanguage: `?${query}`,
      rehearsal: context.rehearsal,
      refreshSeconds: options.refreshSeconds,
      route: visit.route,
      staff,
      token: 'token' in visit ? visit.token : null,
      badges: staff ? await countWaiting(visit.portal, { staff, now: visit.now }) : {},
    },
    content,
  );
  const response = new Response(html, { status: options.status, headers: options.headers });
  response.headers.set('content-type', 'text/html; charset=utf-8');
  response.headers.set('content-language', t.language);
  return response;
}

type NoticeName = 'forbidden' | 'signed_out' | 'form' | 'too_large' | 'not_found' | 'method' | 'failure' | 'too_many' | 'last_means';

/** Answers with a sentence or two: what happened, what is safe, what to do. */
export function consoleNotice(
  visit: ConsoleVisit | StaffVisit,
  name: NoticeName,
  status: number,
  values: Readonly<Record<string, string | number>> = {},
  headers: HeadersInit = {},
): Promise<Response> {
  const { t } = visit;
  const back = 'staff' in visit ? { href: '/admin', text: t('frame.home') } : { href: '/admin/sign-in', text: t('frame.back') };
  return showConsole(
    visit,
    t(`notice.${name}.title`),
    <ConsoleNotice title={t(`notice.${name}.title`)} what={t(`notice.${name}.what`, values)} next={back} />,
    { status, headers },
  );
}

/** There is no such thing, or it is somebody else's: the same answer. */
export function notFound(visit: StaffVisit): Promise<Response> {
  return consoleNotice(visit, 'not_found', 404);
}

function forbidden(visit: StaffVisit): Promise<Response> {
  return consoleNotice(visit, 'forbidden', 403, { role: visit.t(`role.${visit.staff.role}`) });
}

function signedOut(visit: ConsoleVisit): Promise<Response> {
  return consoleNotice(visit, 'signed_out', 401);
}

function refusedForm(visit: ConsoleVisit, reason: string): Promise<Response> {
  return reason === 'too_large' ? consoleNotice(visit, 'too_large', 413) : consoleNotice(visit, 'form', 403);
}

// The cookie stays: a request from another site comes without it, and one that ran beside a step-up has the old one.
function toSignIn({ url }: ConsoleVisit): Response {
  const next = url.pathname === '/admin' ? '' : `?next=${encodeURIComponent(url.pathname + url.search)}`;
  return new Response(null, { status: 303, headers: { location: `/admin/sign-in${next}` } });
}

/** Completes a visit by who is signed in; null when nobody is. */
export async function signedIn(visit: ConsoleVisit): Promise<StaffVisit | null> {
  const { portal, request, now } = visit;
  const token = readStaffToken(request);
  const session = token && (await findStaffSession(portal, { token, now }));
  if (!session) return null;
  await touchSession(portal, session, now);
  const own = visit.console.within(session.staff.scope);
  return { ...visit, portal: own, session, staff: session.staff, token: formToken(portal.crypto, session.id) };
}

async function answer(
  route: ConsoleRouteId,
  args: LoaderFunctionArgs | ActionFunctionArgs,
  methods: readonly string[],
  handle: Handler<ConsoleVisit>,
): Promise<Response> {
  const { request, context, params } = args;
  // A process without the console's role has no console; it looks as if the address did not exist.
  if (!context.console) return new Response('404\n', { status: 404, headers: { 'content-type': 'text/plain; charset=utf-8' } });
  const url = new URL(request.url);
  const visit: ConsoleVisit = {
    context,
    console: context.console,
    portal: context.console.portal,
    request,
    url,
    query: formOf(url.searchParams),
    params,
    t: consoleTextsIn(chooseLanguage(request, url)),
    now: context.portal.clock.now(),
    route,
    renewal: { cookie: null },
  };
  try {
    const response = methods.includes(request.method)
      ? await handle(visit)
      : await consoleNotice(visit, 'method', 405, {}, { allow: methods.join(', ') });
    const switched = languageCookie(url);
    if (switched) response.headers.append('set-cookie', switched);
    return renewed(visit, response);
  } catch (error) {
    const reference = portalReference(visit);
    const { name, message, stack } = error instanceof Error ? error : { name: 'thrown', message: String(error), stack: undefined };
    context.portal.log.error({ reference, method: request.method, error: { name, message, stack } }, 'a console page failed');
    return renewed(visit, await failurePage(visit, reference));
  }
}

/** Without its new cookie the browser would be signed out by having proved who sits before it. */
function renewed({ renewal }: ConsoleVisit, response: Response): Response {
  if (renewal.cookie && !response.headers.getSetCookie().includes(renewal.cookie)) response.headers.append('set-cookie', renewal.cookie);
  return response;
}

function portalReference({ portal }: ConsoleVisit): string {
  const key = Buffer.from(portal.crypto.newKey(), 'base64url').toString('hex').toUpperCase();
  return `${key.slice(0, 4)}-${key.slice(4, 8)}`;
}

/** Our own failure. The menu's numbers are left out: they ask the database, which may be what failed. */
function failurePage(visit: ConsoleVisit, reference: string): Promise<Response> {
  const { staff: _staff, session: _session, token: _token, ...open } = visit as Partial<StaffVisit> & ConsoleVisit;
  return consoleNotice(open, 'failure', 500, { reference });
}
