import type { ConsoleTextKey, ConsoleTexts } from '../../i18n/console/texts';

/** What can be wrong with a new password. */
export type NewPasswordProblem = 'too_short' | 'too_long' | 'personal' | 'common' | 'unreadable' | 'mismatch';

/** A new password, twice; a password manager learns whose it is. */
export function NewPasswordFields({ t, login, problem }: { t: ConsoleTexts; login: string; problem: NewPasswordProblem | null }) {
  const key = problem && (`password.${problem}` satisfies ConsoleTextKey);
  const described = key ? 'password-error password-rule' : 'password-rule';
  return (
    <>
      <p className="field wide">
        <label htmlFor="own-login">{t('signin.login')}</label>
        <input id="own-login" autoComplete="username" value={login} readOnly />
      </p>
      <p className="field wide">
        <label htmlFor="password">{t('password.new')}</label>
        <span className="hint" id="password-rule">
          {t('password.rule')}
        </span>
        {key && (
          <span className="field-error" id="password-error">
            {t(key)}
          </span>
        )}
        <input
          id="password"
          name="password"
          type="password"
          autoComplete="new-password"
          maxLength={400}
          required
          aria-describedby={described}
          aria-invalid={problem ? true : undefined}
          data-focus={problem ? '' : undefined}
        />
      </p>
      <p className="field wide">
        <label htmlFor="password_again">{t('password.again')}</label>
        <input
          id="password_again"
          name="password_again"
          type="password"
          autoComplete="new-password"
          maxLength={400}
          required
          aria-invalid={problem ? true : undefined}
        />
      </p>
    </>
  );
}
