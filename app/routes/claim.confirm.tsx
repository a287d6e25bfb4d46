import { type ClaimVisit, claimForm, claimPage, closedPage, lastSent, sentCookie, showClaim } from '../auth/claim-visit';
import type { Form } from '../auth/form';
import { goTo, refusalPage } from '../auth/visit';
import { ClaimConfirmPage } from '../components/claim/confirm-page';
import { asTyped, readClaim, type TypedClaim } from '../domain/claim-form';
import { refuse } from '../domain/refusal';
import { submitClaim } from '../services/submit-claim';
import { findClaimDraft } from '../views/claim-draft';

const SAID = 'claim-confirmed';

/** The claim as it was understood; nothing is sent by looking at it. */
export const loader = claimPage(async (visit) => {
  const { c, site, token, secret } = visit;
  const { portal } = visit.context;
  const draft = await findClaimDraft(portal, { campaignId: site.id, secret });
  // Gone back to after it was sent.
  if (!draft && lastSent(visit)) return goTo(`/claim/done?programme=${site.id}`);
  if (visit.window !== 'open') return closedPage(visit);
  const read = draft && readClaim(draft);
  if (!read?.ok) return goTo(`/claim/form?programme=${site.id}`);
  const said = portal.crypto.sealText(SAID, JSON.stringify({ programme: site.id, typed: asTyped(read.details) }));
  const page = <ClaimConfirmPage c={c} token={token} programme={site.id} said={said} details={read.details} />;
  return showClaim(visit, c('confirm.title'), page);
});

/** Sends the claim that stood on the page. */
export const action = claimForm(async (visit, form) => {
  const { context, site, secret, t, now } = visit;
  const allowed = await context.limits.allowClaim('send', { ip: context.clientIp });
  if (!allowed.ok) return refusalPage(visit, refuse('too_many_requests'), allowed.retryAfterSeconds);
  const typed = confirmed(visit, form);
  if (!typed) return goTo(`/claim/form?programme=${site.id}`);
  const sent = await submitClaim(context.portal, {
    secret,
    campaignId: site.id,
    typed,
    arrivedAt: now,
    language: t.language,
    clientIp: context.clientIp,
    device: visit.request.headers.get('user-agent') ?? '',
  });
  if (sent.kind === 'received')
    return goTo(`/claim/done?programme=${site.id}&said=${sent.said}`, { 'set-cookie': sentCookie(site.id, sent.said) });
  if (sent.kind === 'outside') return closedPage({ ...visit, window: sent.window }, true);
  return goTo(`/claim/form?programme=${site.id}`);
});

function confirmed({ context, site }: ClaimVisit, form: Form): TypedClaim | null {
  const opened = context.portal.crypto.openText(SAID, form.one('said') ?? '');
  if (opened === null) return null;
  const { programme, typed } = JSON.parse(opened) as { programme: string; typed: TypedClaim };
  return programme === site.id ? typed : null;
}
