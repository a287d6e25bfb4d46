import type { ActionFunctionArgs, LoaderFunctionArgs } from '@remix-run/node';
import type { ReactNode } from 'react';
import { ClaimClosedPage } from '../components/claim/closed-page';
import { ClaimHomePage } from '../components/claim/home-page';
import { ClaimProgrammesPage } from '../components/claim/programmes-page';
import { HelpBox } from '../components/help-box';
import { claimWindow } from '../domain/claim';
import { refuse } from '../domain/refusal';
import { type ClaimTexts, claimTextsIn } from '../i18n/claim';
import claimCss from '../styles/claim.css?inline';
import { type ClaimSite, listClaimSites } from '../views/claim-site';
import { cameFromHere, type Form, formToken, readForm, readOpenForm } from './form';
import { readCookie } from './session';
import { forEveryone, onOpenForm, refusalPage, show, type Visit } from './visit';

/** A request to the claim site of one programme. */
export interface ClaimVisit extends Visit {
  readonly c: ClaimTexts;
  readonly site: ClaimSite;
  readonly window: 'before' | 'open' | 'after';
  /** The secret of this browser: its drafts and its claims are found by it. */
  readonly secret: string;
  /** Goes into every form. */
  readonly token: string;
}

const COOKIE = '__Host-claim';
const SENT_COOKIE = '__Host-claim-sent';
/** As long as a draft is kept. */
const COOKIE_SECONDS = 30 * 86_400;
const SECRET = /^[A-Za-z0-9_-]{22}$/;

/** A page of the claim site. Reading never changes anything: all it gives the browser is a secret of its own. */
export function claimPage(handle: (visit: ClaimVisit) => Response | Promise<Response>) {
  return (args: LoaderFunctionArgs) => forEveryone((visit) => withSite(visit, visit.query.one('programme'), handle))(args);
}

/** A form of the claim site, sent from one of our own pages. */
export function claimForm(
  handle: (visit: ClaimVisit, form: Form) => Response | Promise<Response>,
  /** From our own page, but of a session that has lapsed: shows what was typed again, and writes nothing. */
  lapsed?: (visit: ClaimVisit, form: Form) => Response | Promise<Response>,
) {
  return (args: ActionFunctionArgs) =>
    onOpenForm(async (visit) => {
      const { portal, publicUrl } = visit.context;
      const copy = lapsed && visit.request.clone();
      const form = await readForm(visit.request, portal.crypto, { sid: sidOf(secretOf(visit) ?? ''), publicUrl });
      if ('kind' in form) {
        const again = copy && form.reason === 'form_expired' && cameFromHere(copy, publicUrl) ? await readOpenForm(copy) : null;
        if (!lapsed || !again || 'kind' in again) return refusalPage(visit, form);
        return withSite(visit, again.one('programme'), (own) => lapsed(own, again));
      }
      return withSite(visit, form.one('programme'), (own) => handle(own, form));
    })(args);
}

async function withSite(
  visit: Visit,
  programme: string | null,
  handle: (visit: ClaimVisit) => Response | Promise<Response>,
): Promise<Response> {
  const c = claimTextsIn(visit.t.language);
  const sites = await listClaimSites(visit.context.portal);
  const named = programme === null ? null : plainId(programme);
  const site = named === null ? (sites.length === 1 ? sites[0] : undefined) : sites.find(({ id }) => id === named);
  if (!site) {
    if (programme !== null) return refusalPage(visit, refuse('not_found'));
    return showClaim(
      { ...visit, c },
      c(sites.length > 0 ? 'home.choose' : 'home.none'),
      <ClaimProgrammesPage t={visit.t} c={c} sites={sites} />,
    );
  }
  const kept = secretOf(visit);
  const secret = kept ?? visit.context.portal.crypto.newKey();
  const own: ClaimVisit = {
    ...visit,
    c,
    site,
    window: claimWindow(site.terms, visit.now),
    secret,
    token: formToken(visit.context.portal.crypto, sidOf(secret)),
  };
  const response = await handle(own);
  if (kept === null) response.headers.append('set-cookie', secretCookie(secret));
  return response;
}

/** A programme's ID as it stands at the end of a link: mail programs take what follows a link into it. */
function plainId(text: string): string {
  return /^[a-z0-9-]*/.exec(text)?.[0] ?? '';
}

function secretCookie(secret: string): string {
  return `${COOKIE}=${secret}; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=${COOKIE_SECONDS}`;
}

/** The Set-Cookie line that remembers which claim was sent last: for who goes back to a page of it. */
export function sentCookie(campaignId: string, said: string): string {
  return `${SENT_COOKIE}=${campaignId}.${said}; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=${COOKIE_SECONDS}`;
}

/** What the claim says that was sent last from this browser for this programme; null when there is none. */
export function lastSent({ request, site }: ClaimVisit): string | null {
  const [campaignId, said] = (readCookie(request, SENT_COOKIE) ?? '').split('.');
  return campaignId === site.id && said ? said : null;
}

function secretOf({ request }: Visit): string | null {
  const kept = readCookie(request, COOKIE);
  return kept && SECRET.test(kept) ? kept : null;
}

function sidOf(secret: string): string {
  return `claim:${secret}`;
}

/** Answers with a page of the claim site; whom to ask stands at its end. */
export function showClaim(
  visit: Visit & { readonly c: ClaimTexts; readonly site?: ClaimSite },
  title: string,
  content: ReactNode,
  options: { status?: number; headers?: HeadersInit } = {},
): Response {
  const { site, t } = visit;
  const page = (
    <>
      {content}
      {site && <HelpBox t={t} offices={[site.settings]} />}
    </>
  );
  return show(visit, title, page, { ...options, css: claimCss, office: site?.settings });
}

/** That claims are not taken yet, or no longer; `typed`: somebody was in the middle of it. */
export function closedPage(visit: ClaimVisit, typed = false): Response {
  const { c, window } = visit;
  const title = c(window === 'before' ? 'before.title' : 'after.title');
  return showClaim(visit, title, <ClaimClosedPage c={c} site={visit.site} window={window} typed={typed} />, { status: typed ? 410 : 200 });
}

/** The claim site's front page as it stands at the visit's moment: before its time, in it, or after. */
export function showClaimHome(visit: Visit & { readonly c: ClaimTexts }, site: ClaimSite): Response {
  const { c } = visit;
  const window = claimWindow(site.terms, visit.now);
  if (window !== 'open') {
    const title = c(window === 'before' ? 'before.title' : 'after.title');
    return showClaim({ ...visit, site }, title, <ClaimClosedPage c={c} site={site} window={window} typed={false} />);
  }
  const { closesAt } = site.terms;
  const home = <ClaimHomePage c={c} programme={site.id} closesAt={closesAt} announced={site.settings.announced} />;
  return showClaim({ ...visit, site }, c('home.title'), home);
}
