import type { ClaimTexts } from '../../i18n/claim';
import { AnnouncedDates, type Announcements } from '../announced';

/** That the window of claims is no longer what was announced at first. */
export function ClaimDates({ c, announced }: { c: ClaimTexts; announced: Announcements | undefined }) {
  return (
    <AnnouncedDates
      announced={announced}
      about={['claims_open', 'claims_close']}
      say={(what, { from, to }) =>
        c(what === 'claims_open' ? 'announced.claims_open' : 'announced.claims_close', { from: c.moment(from), to: c.moment(to) })
      }
    />
  );
}
