import type { ClaimState } from '../../domain/claim';
import { showClaimNumber } from '../../domain/claim-number';
import type { ClaimTimes } from '../../domain/claim-times';
import type { ClaimTexts } from '../../i18n/claim';
import { claimHeading, claimSentence } from '../../i18n/claim-sentence';
import type { Texts } from '../../i18n/texts';
import { ErrorSummary } from '../error-summary';
import { ClaimField } from './field';

/** What is wrong with one of the two. */
export interface AskError {
  readonly field: 'number' | 'fact';
  readonly text: string;
}

interface AskProps {
  t: Texts;
  c: ClaimTexts;
  token: string;
  programme: string;
  number: string;
  fact: string;
  errors: readonly AskError[];
}

/** Asks for the reference number and one more fact. */
export function ClaimStatusForm({ t, c, token, programme, number, fact, errors }: AskProps) {
  const wrong = (name: 'number' | 'fact') => errors.find(({ field }) => field === name)?.text;
  return (
    <>
      {errors.length > 0 && <ErrorSummary t={t} errors={errors} />}
      <h1>{c('status.title')}</h1>
      <p className="quiet">{c('status.lead')}</p>
      <form method="post" action="/claim/status" noValidate>
        <input type="hidden" name="token" value={token} />
        <input type="hidden" name="programme" value={programme} />
        <section className="card">
          <ClaimField
            t={t}
            c={c}
            id="number"
            name="number"
            label={c('status.number')}
            hint={c('status.number.hint')}
            typed={number}
            error={wrong('number')}
            inputMode="numeric"
            short
          />
          <ClaimField t={t} c={c} id="fact" name="fact" label={c('status.fact')} typed={fact} error={wrong('fact')} />
        </section>
        <div className="bar still">
          <button type="submit" className="button">
            {c('status.submit')}
          </button>
        </div>
      </form>
      <p>
        <a className="more" href={`/claim/lost?programme=${programme}`}>
          {c('status.lost')}
        </a>
      </p>
      <p>
        <a className="more" href={`/claim?programme=${programme}`}>
          {c('status.home')}
        </a>
      </p>
    </>
  );
}

interface Props {
  c: ClaimTexts;
  programme: string;
  claim: {
    readonly number: string;
    readonly state: ClaimState;
    readonly reason: string | null;
    readonly receivedAt: Date;
    readonly correctedAt: Date | null;
  };
  times: ClaimTimes;
}

/** How a claim stands, in the sentence that the call centre reads out. */
export function ClaimStatusPage({ c, programme, claim, times }: Props) {
  return (
    <>
      <h1>{claimHeading(c, claim, times)}</h1>
      <section className="card">
        <p>{claimSentence(c, claim, times)}</p>
        {claim.correctedAt && <p>{c('status.corrected', { day: c.stamp(claim.correctedAt) })}</p>}
        <dl className="facts">
          <div>
            <dt>{c('status.number')}</dt>
            <dd className="kept">{showClaimNumber(claim.number)}</dd>
          </div>
          <div>
            <dt>{c('status.received_at')}</dt>
            <dd>{c.moment(claim.receivedAt)}</dd>
          </div>
        </dl>
      </section>
      <p>
        <a className="more" href={`/claim/status?programme=${programme}`}>
          {c('status.again')}
        </a>
      </p>
    </>
  );
}
