import { type ClaimVisit, claimForm, claimPage, showClaim } from '../auth/claim-visit';
import { ClaimStatusForm, ClaimStatusPage } from '../components/claim/status-page';
import { readClaimNumber } from '../domain/claim-number';
import { findClaimStatus } from '../views/claim-status';
import { getClaimStatusTimes } from '../views/claim-times';

/** Asks which claim. */
export const loader = claimPage((visit) => askPage(visit, { number: '', fact: '', wrong: null }));

/** How a claim stands. Only reads; a form because what is asked belongs in no address. */
export const action = claimForm(async (visit, form) => {
  const { c, site, context } = visit;
  const asked = { number: (form.one('number') ?? '').slice(0, 60), fact: (form.one('fact') ?? '').slice(0, 254) };
  const number = readClaimNumber(asked.number);
  if (!number) return askPage(visit, { ...asked, wrong: 'malformed' });
  const allowed = await context.limits.allowClaim('ask', { ip: context.clientIp, number });
  if (!allowed.ok) return askPage(visit, { ...asked, wrong: 'busy', retryAfterSeconds: allowed.retryAfterSeconds });
  const claim = await findClaimStatus(context.portal, asked);
  if (claim?.campaignId !== site.id) return askPage(visit, { ...asked, wrong: 'unknown' });
  await allowed.forgive();
  const times = await getClaimStatusTimes(context.portal, claim);
  return showClaim(visit, c('status.title'), <ClaimStatusPage c={c} programme={site.id} claim={claim} times={times} />);
});

function askPage(
  visit: ClaimVisit,
  asked: { number: string; fact: string; wrong: 'malformed' | 'unknown' | 'busy' | null; retryAfterSeconds?: number },
): Response {
  const { t, c, site, token } = visit;
  const headers: Record<string, string> = asked.retryAfterSeconds ? { 'retry-after': String(asked.retryAfterSeconds) } : {};
  return showClaim(
    visit,
    c('status.title'),
    <ClaimStatusForm t={t} c={c} token={token} programme={site.id} number={asked.number} fact={asked.fact} wrong={asked.wrong} />,
    { status: asked.wrong === null ? 200 : asked.wrong === 'busy' ? 429 : 422, headers },
  );
}
