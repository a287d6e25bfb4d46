import type { ClaimTexts } from '../../i18n/claim';
import type { Texts } from '../../i18n/texts';

interface Props {
  t: Texts;
  c?: ClaimTexts;
  id: string;
  name: string;
  label: string;
  hint?: string;
  typed: string;
  error?: string;
  type?: 'text' | 'email' | 'tel';
  inputMode?: 'numeric' | 'tel' | 'email';
  autoComplete?: string;
  short?: boolean;
}

/** One question of a form: label, how to answer, what is wrong, and what was typed. */
export function ClaimField({ t, id, name, label, hint, typed, error, type = 'text', inputMode, autoComplete = 'off', short }: Props) {
  const about = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(' ');
  return (
    <div className="ask">
      <label htmlFor={id}>{label}</label>
      {hint && (
        <p className="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      {error && (
        <p className="error" id={`${id}-error`}>
          <b>{t('errors.label')}</b>
          {error}
        </p>
      )}
      <input
        id={id}
        name={name}
        type={type}
        className={short ? 'short' : undefined}
        defaultValue={typed}
        inputMode={inputMode}
        autoComplete={autoComplete}
        maxLength={400}
        aria-invalid={error ? true : undefined}
        aria-describedby={about || undefined}
      />
    </div>
  );
}
