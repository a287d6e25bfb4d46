import { lastMoment } from '../../domain/deadline';
import type { ClaimTexts } from '../../i18n/claim';
import type { Announcements } from '../announced';
import { ClaimDates } from './claim-dates';

interface Props {
  c: ClaimTexts;
  programme: string;
  closesAt: Date;
  announced: Announcements | undefined;
}

/** Who needs to claim, what to have at hand, what to do when the coupon is lost. */
export function ClaimHomePage({ c, programme, closesAt, announced }: Props) {
  return (
    <>
      <h1>{c('home.title')}</h1>
      <p className="note">{c('home.until', { moment: c.moment(lastMoment(closesAt)) })}</p>
      <ClaimDates c={c} announced={announced} />
      <section className="card">
        <h2>{c('home.who')}</h2>
        <p>{c('home.who.text')}</p>
        <h3>{c('home.app')}</h3>
        <p>{c('home.app.text')}</p>
      </section>
      <section className="card">
        <h2>{c('home.need')}</h2>
        <ul className="list">
          <li>{c('home.need.coupon')}</li>
          <li>{c('home.need.mail')}</li>
        </ul>
        <h3>{c('home.lost')}</h3>
        <p>{c('home.lost.text')}</p>
      </section>
      <div className="bar still">
        <a className="button" href={`/claim/form?programme=${programme}`}>
          {c('home.start')}
        </a>
        <a className="button second" href={`/claim/status?programme=${programme}`}>
          {c('home.status')}
        </a>
      </div>
    </>
  );
}
