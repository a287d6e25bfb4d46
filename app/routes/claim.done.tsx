import { claimPage, showClaim } from '../auth/claim-visit';
import { goTo, readOnly } from '../auth/visit';
import { ClaimDonePage } from '../components/claim/done-page';
import { findOwnClaim } from '../views/claim-status';

/** The reference number; it can be looked at again in the same browser. */
export const loader = claimPage(async (visit) => {
  const { c, site, window } = visit;
  const claim = await findOwnClaim(visit.context.portal, visit.secret);
  if (claim?.campaignId !== site.id) return goTo(`/claim?programme=${site.id}`);
  const page = <ClaimDonePage c={c} programme={site.id} number={claim.number} sending={site.sending} open={window === 'open'} />;
  return showClaim(visit, c('done.title'), page);
});

export const action = readOnly;
