import type { ClaimTexts } from '../../i18n/claim';
import type { Texts } from '../../i18n/texts';
import { ErrorSummary } from '../error-summary';
import { ClaimField } from './field';

interface Props {
  t: Texts;
  c: ClaimTexts;
  token: string;
  programme: string;
  typed: string;
  error: string | null;
  /** It was asked for: the same words, whether there is such a claim or not. */
  asked: boolean;
}

/** The way for who lost the reference number. */
export function ClaimLostPage({ t, c, token, programme, typed, error, asked }: Props) {
  const back = (
    <p>
      <a className="more" href={`/claim/status?programme=${programme}`}>
        {c('lost.back')}
      </a>
    </p>
  );
  if (asked) {
    return (
      <section className="card">
        <h1>{c('lost.asked')}</h1>
        <p>{c('lost.asked.text')}</p>
        {back}
      </section>
    );
  }
  return (
    <>
      {error && <ErrorSummary t={t} errors={[{ field: 'mail', text: error }]} />}
      <h1>{c('lost.title')}</h1>
      <p>{c('lost.text')}</p>
      <form method="post" action="/claim/lost" noValidate>
        <input type="hidden" name="token" value={token} />
        <input type="hidden" name="programme" value={programme} />
        <section className="card">
          <ClaimField
            t={t}
            c={c}
            id="mail"
            name="mail"
            label={c('form.mail')}
            typed={typed}
            error={error ?? undefined}
            autoComplete="email"
          />
        </section>
        <div className="bar still">
          <button type="submit" className="button">
            {c('lost.submit')}
          </button>
        </div>
      </form>
      {back}
    </>
  );
}
