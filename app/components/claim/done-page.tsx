import { showClaimNumber } from '../../domain/claim-number';
import type { SendingPeriod } from '../../domain/claim-times';
import type { ClaimTexts } from '../../i18n/claim';
import { periodText } from '../../i18n/claim-sentence';
import { Steps } from '../steps';

interface Props {
  c: ClaimTexts;
  programme: string;
  number: string;
  sending: SendingPeriod | null;
  /** Whether another claim can still be sent. */
  open: boolean;
}

/** That the claim is here, its number, and what comes next. */
export function ClaimDonePage({ c, programme, number, sending, open }: Props) {
  return (
    <>
      <Steps c={c} current={3} />
      <section className="card">
        <h1>{c('done.title')}</h1>
        <h2>{c('done.number')}</h2>
        <p className="number">{showClaimNumber(number)}</p>
        <p>{c('done.keep')}</p>
      </section>
      <section className="card">
        <h2>{c('done.next')}</h2>
        <ol className="list">
          <li>{c('done.next.mail')}</li>
          <li>{c('done.next.check')}</li>
          <li>{sending ? c('done.next.link', { period: periodText(c, sending) }) : c('done.next.link.later')}</li>
        </ol>
      </section>
      <p>
        <a className="button second" href={`/claim/status?programme=${programme}`}>
          {c('home.status')}
        </a>
      </p>
      {open && (
        <p>
          <a className="more" href={`/claim/form?programme=${programme}`}>
            {c('done.another')}
          </a>
        </p>
      )}
    </>
  );
}
