import type { ClaimTerms } from '../../domain/claim';
import { lastMoment } from '../../domain/deadline';
import type { ClaimTexts } from '../../i18n/claim';
import type { Announcements } from '../announced';
import { ClaimDates } from './claim-dates';

interface Props {
  c: ClaimTexts;
  site: { readonly id: string; readonly terms: ClaimTerms; readonly settings: { readonly announced?: Announcements } };
  window: 'before' | 'open' | 'after';
  /** Somebody was in the middle of the form. */
  typed: boolean;
}

/** That claims are not taken yet, or no longer, and what can be done all the same. */
export function ClaimClosedPage({ c, site, window, typed }: Props) {
  const closes = c.moment(lastMoment(site.terms.closesAt));
  if (window === 'before') {
    return (
      <section className="card notice wait">
        <h1>{c('before.title')}</h1>
        <p>{c('before.text', { opens: c.moment(site.terms.opensAt), closes })}</p>
        <ClaimDates c={c} announced={site.settings.announced} />
        <h2>{c('home.app')}</h2>
        <p>{c('home.app.text')}</p>
      </section>
    );
  }
  return (
    <section className="card notice wait">
      <h1>{c('after.title')}</h1>
      <p>{c('after.text', { closes })}</p>
      <ClaimDates c={c} announced={site.settings.announced} />
      {typed && <p>{c('after.typed')}</p>}
      <p>{c('after.do')}</p>
      <p>
        <a className="button second" href={`/claim/status?programme=${site.id}`}>
          {c('home.status')}
        </a>
      </p>
    </section>
  );
}
