import { CLAIM_COUPONS_MOST, type ClaimError, type ClaimField as Field, type TypedClaim } from '../../domain/claim-form';
import { type ClaimTexts, isClaimText } from '../../i18n/claim';
import type { Texts } from '../../i18n/texts';
import { ErrorSummary } from '../error-summary';
import { Steps } from '../steps';
import { ClaimField } from './field';

interface Props {
  t: Texts;
  c: ClaimTexts;
  token: string;
  programme: string;
  /** The sealed moment at which the page was given out. */
  shown: string;
  sender: string;
  typed: TypedClaim;
  errors: readonly ClaimError[];
  /** What is wrong with the form as a whole. */
  wrong: 'trap' | 'quick' | 'full' | 'town' | 'lapsed' | null;
}

const ASKED: readonly {
  field: Exclude<Field, 'numbers'>;
  type?: 'email' | 'tel';
  inputMode?: 'numeric';
  autoComplete: string;
  short?: boolean;
}[] = [
  { field: 'name', autoComplete: 'name' },
  { field: 'kana', autoComplete: 'off' },
  { field: 'postal', inputMode: 'numeric', autoComplete: 'postal-code', short: true },
  { field: 'address', autoComplete: 'street-address' },
  { field: 'phone', type: 'tel', autoComplete: 'tel', short: true },
  // No type=email: browsers refuse what we put right.
  { field: 'mail', autoComplete: 'email' },
];

/** What an applicant is asked. Everything typed stays, whatever is wrong with it. */
export function ClaimFormPage({ t, c, token, programme, shown, sender, typed, errors, wrong }: Props) {
  const text = (error: ClaimError) => {
    const key = `error.${error.problem}.${error.field}`;
    return isClaimText(key) ? c(key, { row: (error.row ?? 0) + 1 }) : key;
  };
  const of = (field: Field, row?: number) => {
    const error = errors.find((each) => each.field === field && each.row === row);
    return error && text(error);
  };
  const summary = errors.map((error) => ({ field: idOf(error.field, error.row), text: text(error) }));
  if (wrong)
    summary.unshift({
      field: wrong === 'full' ? idOf('numbers', typed.numbers.length - 1) : wrong === 'town' ? idOf('postal') : 'go',
      text: c(`error.${wrong}`, { most: CLAIM_COUPONS_MOST }),
    });
  return (
    <>
      <Steps c={c} current={1} />
      {summary.length > 0 && <ErrorSummary t={t} errors={summary} />}
      <h1>{c('form.title')}</h1>
      <p className="quiet">{c('form.lead')}</p>
      <form method="post" action="/claim/form" noValidate>
        <input type="hidden" name="token" value={token} />
        <input type="hidden" name="programme" value={programme} />
        <input type="hidden" name="shown" value={shown} />
        {/* Enter in a field goes on; it never adds a row. */}
        <button type="submit" className="unseen" name="act" value="check" tabIndex={-1} aria-hidden="true" />
        <p className="trap" aria-hidden="true">
          <label htmlFor="company">{c('form.trap')}</label>
          <input id="company" name="company" tabIndex={-1} autoComplete="off" />
        </p>
        <section className="card">
          {ASKED.map(({ field, ...rest }) => (
            <div key={field}>
              <ClaimField
                t={t}
                c={c}
                id={idOf(field)}
                name={field}
                label={c(`form.${field}`)}
                hint={c(`form.${field}.hint`, { sender })}
                typed={typed[field]}
                error={of(field)}
                {...rest}
              />
              {field === 'postal' && (
                <button type="submit" className="button second" name="act" value="fill">
                  {c('form.fill')}
                </button>
              )}
            </div>
          ))}
        </section>
        <fieldset className="card ask">
          <legend>{c('form.numbers')}</legend>
          <p className="hint">{c('form.numbers.hint')}</p>
          {typed.numbers.map((number, row) => (
            <ClaimField
              // biome-ignore lint/suspicious/noArrayIndexKey: rows are what they are by their place
              key={row}
              t={t}
              c={c}
              id={idOf('numbers', row)}
              name="numbers"
              label={c('form.number', { row: row + 1 })}
              typed={number}
              error={of('numbers', row)}
              inputMode="numeric"
            />
          ))}
          <button type="submit" className="button second" name="act" value="add">
            {c('form.add')}
          </button>
        </fieldset>
        <div className="bar still">
          <button type="submit" className="button" id="go" name="act" value="check">
            {c('form.submit')}
          </button>
        </div>
      </form>
    </>
  );
}

function idOf(field: Field, row = 0): string {
  return field === 'numbers' ? `numbers-${row + 1}` : field;
}
