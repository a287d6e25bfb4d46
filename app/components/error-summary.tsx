import type { Texts } from '../i18n/texts';

/** What is wrong with a form, at the top, with a way to each field. Takes the focus. */
export function ErrorSummary({ t, errors }: { t: Texts; errors: readonly { readonly field: string; readonly text: string }[] }) {
  return (
    <div className="errors" role="alert" tabIndex={-1} data-focus="">
      <h2>{t('errors.title')}</h2>
      <ul>
        {errors.map(({ field, text }) => (
          <li key={field}>
            <a href={`#${field}`}>{text}</a>
          </li>
        ))}
      </ul>
    </div>
  );
}

/** That nothing was chosen, beside the choices. */
export function ChoiceError({ t }: { t: Texts }) {
  return (
    <p className="error" id="choice-error">
      <b>{t('errors.label')}</b>
      {t('choose.none')}
    </p>
  );
}
