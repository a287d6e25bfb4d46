import { claimPage, closedPage, showClaim } from '../auth/claim-visit';
import { readOnly } from '../auth/visit';
import { ClaimHomePage } from '../components/claim/home-page';

/** The claim site's front page; before and after its time, when that is. */
export const loader = claimPage((visit) => {
  const { c, site, window } = visit;
  if (window !== 'open') return closedPage(visit);
  return showClaim(
    visit,
    c('home.title'),
    <ClaimHomePage c={c} programme={site.id} closesAt={site.terms.closesAt} announced={site.settings.announced} />,
  );
});

export const action = readOnly;
