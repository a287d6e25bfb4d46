import { claimForm, claimPage, closedPage, showClaim } from '../auth/claim-visit';
import { goTo, refusalPage } from '../auth/visit';
import { ClaimConfirmPage } from '../components/claim/confirm-page';
import { readClaim } from '../domain/claim-form';
import { refuse } from '../domain/refusal';
import { submitClaim } from '../services/submit-claim';
import { findClaimDraft } from '../views/claim-draft';
import { findOwnClaim } from '../views/claim-status';

/** The claim as it was understood; nothing is sent by looking at it. */
export const loader = claimPage(async (visit) => {
  const { c, site, token, secret } = visit;
  const { portal } = visit.context;
  if (await findOwnClaim(portal, secret)) return goTo(`/claim/done?programme=${site.id}`);
  if (visit.window !== 'open') return closedPage(visit);
  const draft = await findClaimDraft(portal, secret);
  const read = draft?.campaignId === site.id ? readClaim(draft.typed) : null;
  if (!read?.ok) return goTo(`/claim/form?programme=${site.id}`);
  return showClaim(visit, c('confirm.title'), <ClaimConfirmPage c={c} token={token} programme={site.id} details={read.details} />);
});

/** Sends the claim. */
export const action = claimForm(async (visit) => {
  const { context, site, secret, t } = visit;
  const allowed = await context.limits.allowClaim('send', { ip: context.clientIp });
  if (!allowed.ok) return refusalPage(visit, refuse('too_many_requests'), allowed.retryAfterSeconds);
  const device = visit.request.headers.get('user-agent') ?? '';
  const sent = await submitClaim(context.portal, { secret, language: t.language, clientIp: context.clientIp, device });
  if (sent.kind === 'received') return goTo(`/claim/done?programme=${site.id}`);
  if (sent.kind === 'outside') return closedPage({ ...visit, window: sent.window }, true);
  return goTo(`/claim/form?programme=${site.id}`);
});
