import { type ClaimVisit, claimForm, claimPage, showClaim } from '../auth/claim-visit';
import { refusalPage } from '../auth/visit';
import { ClaimProvePage } from '../components/claim/prove-page';
import { refuse } from '../domain/refusal';
import { claimSentence } from '../i18n/claim-sentence';
import { type ClaimProof, findClaimProof, proveClaimMail } from '../services/prove-claim-mail';
import { getClaimStatusTimes } from '../views/claim-times';

/** The link in the mail: it only shows a button, for scanners open every link. */
export const loader = claimPage(async (visit) => {
  const claim = await findClaimProof(visit.context.portal, linkOf(visit));
  return claim?.campaignId === visit.site.id ? provePage(visit, claim) : unknownLink(visit);
});

/** The applicant's own press: the address counts from now on. */
export const action = claimForm(async (visit) => {
  const claim = await proveClaimMail(visit.context.portal, linkOf(visit));
  return claim ? provePage(visit, claim) : unknownLink(visit);
});

function linkOf({ params }: ClaimVisit): { number: string; token: string } {
  return { number: params.number ?? '', token: params.token ?? '' };
}

async function provePage(visit: ClaimVisit, claim: ClaimProof): Promise<Response> {
  const { c, site, token, url } = visit;
  const { proven, state } = claim;
  // What was proven is not all: the claim may have been refused meanwhile, or be further on.
  const sentence =
    state === 'received' || (proven && state === 'checking')
      ? null
      : claimSentence(c, claim, await getClaimStatusTimes(visit.context.portal, linkOf(visit)));
  const page = <ClaimProvePage c={c} token={token} programme={site.id} action={url.pathname} proven={proven} sentence={sentence} />;
  return showClaim(visit, c(proven ? 'prove.done' : 'prove.title'), page);
}

/** Unknown, malformed and wrong links look alike and count as guesses. */
async function unknownLink(visit: ClaimVisit): Promise<Response> {
  const { limits, clientIp } = visit.context;
  const guess = await limits.allowGuess(clientIp);
  return guess.ok ? refusalPage(visit, refuse('unknown_link')) : refusalPage(visit, refuse('too_many_requests'), guess.retryAfterSeconds);
}
