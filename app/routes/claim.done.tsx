import { claimPage, lastSent, showClaim } from '../auth/claim-visit';
import { goTo, readOnly } from '../auth/visit';
import { ClaimDonePage } from '../components/claim/done-page';
import { findOwnClaim } from '../views/claim-status';

/** The reference number; it can be looked at again in the same browser. */
export const loader = claimPage(async (visit) => {
  const { c, site, window } = visit;
  const said = visit.query.one('said') ?? lastSent(visit);
  const claim = said === null ? null : await findOwnClaim(visit.context.portal, { campaignId: site.id, secret: visit.secret, said });
  if (!claim) return goTo(`/claim?programme=${site.id}`);
  const page = <ClaimDonePage c={c} programme={site.id} number={claim.number} sending={site.sending} open={window === 'open'} />;
  return showClaim(visit, c('done.title'), page);
});

export const action = readOnly;
