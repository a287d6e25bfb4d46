import type { RecoveryProblem, TypedRecovery } from '../domain/recovery';
import type { Texts } from '../i18n/texts';
import { ClaimField } from './claim/field';
import { ErrorSummary } from './error-summary';
import { HelpBox, type Office } from './help-box';

export type RecoverWrong = RecoveryProblem | { readonly field: 'fact'; readonly problem: 'busy' };

interface Props {
  t: Texts;
  token: string;
  typed: TypedRecovery;
  wrong: RecoverWrong | null;
  offices: readonly Office[];
}

/** Asks by what we can find somebody, to send their link again. */
export function RecoverPage({ t, token, typed, wrong, offices }: Props) {
  const error = wrong && t(`recover.${wrong.problem}`);
  const errorOf = (field: string) => (wrong?.field === field && error ? error : undefined);
  return (
    <>
      {wrong && error && <ErrorSummary t={t} errors={[{ field: wrong.field, text: error }]} />}
      <h1>{t('recover.title')}</h1>
      <p className="quiet">{t('recover.lead')}</p>
      <form method="post" action="/recover" noValidate>
        <input type="hidden" name="token" value={token} />
        <section className="card">
          <ClaimField
            t={t}
            id="fact"
            name="fact"
            label={t('recover.fact')}
            hint={t('recover.fact.hint')}
            typed={typed.fact}
            error={errorOf('fact')}
          />
          <ClaimField
            t={t}
            id="second"
            name="second"
            label={t('recover.second')}
            hint={t('recover.second.hint')}
            typed={typed.second}
            error={errorOf('second')}
          />
        </section>
        <div className="bar still">
          <button type="submit" className="button">
            {t('recover.submit')}
          </button>
        </div>
      </form>
      <HelpBox t={t} offices={offices} />
    </>
  );
}
