import { type ClaimVisit, claimForm, claimPage, showClaim } from '../auth/claim-visit';
import { type AskError, ClaimStatusForm, ClaimStatusPage } from '../components/claim/status-page';
import { readClaimNumber } from '../domain/claim-number';
import { findClaimStatus } from '../views/claim-status';
import { getClaimStatusTimes } from '../views/claim-times';

/** Asks which claim. */
export const loader = claimPage((visit) => askPage(visit, { number: '', fact: '' }, []));

/** How a claim stands. Only reads; a form because what is asked belongs in no address. */
export const action = claimForm(async (visit, form) => {
  const { c, site, context } = visit;
  const asked = { number: (form.one('number') ?? '').slice(0, 60), fact: (form.one('fact') ?? '').slice(0, 254) };
  const number = readClaimNumber(asked.number);
  if (!number || asked.fact.trim() === '') return askPage(visit, asked, incomplete(visit, asked, number !== null));
  const allowed = await context.limits.allowClaim('ask', { ip: context.clientIp, number });
  if (!allowed.ok) return askPage(visit, asked, [{ field: 'number', text: c('status.busy') }], allowed.retryAfterSeconds);
  const claim = await findClaimStatus(context.portal, asked);
  if (claim?.campaignId !== site.id) return askPage(visit, asked, [{ field: 'number', text: c('status.unknown') }]);
  await allowed.forgive();
  const times = await getClaimStatusTimes(context.portal, claim);
  return showClaim(visit, c('status.title'), <ClaimStatusPage c={c} programme={site.id} claim={claim} times={times} />);
});

interface Asked {
  readonly number: string;
  readonly fact: string;
}

/** What must be typed, or typed anew, before anything is looked up. */
function incomplete({ c }: ClaimVisit, asked: Asked, isNumber: boolean): AskError[] {
  const errors: AskError[] = [];
  if (!isNumber) errors.push({ field: 'number', text: c(asked.number.trim() === '' ? 'status.number.missing' : 'status.malformed') });
  if (asked.fact.trim() === '') errors.push({ field: 'fact', text: c('status.fact.missing') });
  return errors;
}

function askPage(visit: ClaimVisit, { number, fact }: Asked, errors: readonly AskError[], retryAfterSeconds?: number): Response {
  const { t, c, site, token } = visit;
  return showClaim(
    visit,
    c('status.title'),
    <ClaimStatusForm t={t} c={c} token={token} programme={site.id} number={number} fact={fact} errors={errors} />,
    retryAfterSeconds === undefined
      ? { status: errors.length > 0 ? 422 : 200 }
      : { status: 429, headers: { 'retry-after': String(retryAfterSeconds) } },
  );
}
