import type { ClaimDetails } from '../../domain/claim-form';
import { showPhone } from '../../domain/contact';
import type { ClaimTexts } from '../../i18n/claim';
import { Steps } from '../steps';

interface Props {
  c: ClaimTexts;
  token: string;
  programme: string;
  /** All of it once more, sealed: what was seen is what is sent, whatever is typed in another tab. */
  said: string;
  details: ClaimDetails;
}

/** The claim once more as it was understood, before it is sent. */
export function ClaimConfirmPage({ c, token, programme, said, details }: Props) {
  const facts = [
    [c('form.name'), details.name],
    [c('form.kana'), details.kana ?? c('confirm.none')],
    [c('form.postal'), `〒${details.postal.slice(0, 3)}-${details.postal.slice(3)}`],
    [c('form.address'), details.address],
    [c('form.phone'), showPhone(details.phone)],
    [c('form.mail'), details.mail],
    ...details.numbers.map((number, row) => [c('form.number', { row: row + 1 }), number] as const),
  ] as const;
  return (
    <>
      <Steps c={c} current={2} />
      <h1>{c('confirm.title')}</h1>
      <p className="quiet">{c('confirm.lead')}</p>
      <dl className="card facts">
        {facts.map(([what, value]) => (
          <div key={what}>
            <dt>{what}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <form method="post" action="/claim/confirm" data-once="">
        <input type="hidden" name="token" value={token} />
        <input type="hidden" name="programme" value={programme} />
        <input type="hidden" name="said" value={said} />
        <div className="bar still">
          <button type="submit" className="button">
            {c('confirm.submit')}
          </button>
          <a className="button second" href={`/claim/form?programme=${programme}`}>
            {c('confirm.back')}
          </a>
        </div>
      </form>
    </>
  );
}
