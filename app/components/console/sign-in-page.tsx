import type { ConsoleTexts } from '../../i18n/console/texts';
import { TotpInput } from './totp-input';

export type SignInProblem = 'wrong' | 'too_many' | 'passkey';

const PROBLEMS = { wrong: 'signin.wrong', too_many: 'signin.tooMany', passkey: 'signin.passkeyWrong' } as const;

interface Props {
  readonly t: ConsoleTexts;
  readonly token: string;
  /** The challenge for a passkey: what the browser needs, and what comes back with its answer. */
  readonly passkey: { readonly options: string; readonly sealed: string };
  /** Where to go on; empty for the home page. */
  readonly next: string;
  readonly login: string;
  readonly problem: SignInProblem | null;
  readonly minutes: number;
  /** A session has ended: nothing was done for long, or the rehearsal's clock has moved on. */
  readonly lapsed: 'idle' | 'clock' | null;
}

/** The way in. */
export function SignInPage({ t, token, passkey, next, login, problem, minutes, lapsed }: Props) {
  const wrong = problem === 'wrong' || undefined;
  const described = problem ? 'sign-in-error' : undefined;
  return (
    <>
      <p className="brand-alone">uketori</p>
      <section className="card">
        <h1>{t('signin.title')}</h1>
        {lapsed && !problem && (
          <p className="message time" role="status">
            {t(`signin.lapsed.${lapsed}`)}
          </p>
        )}
        {problem && (
          <p className="message fail" id="sign-in-error" role="alert" data-focus tabIndex={-1}>
            {t(PROBLEMS[problem], { minutes })}
          </p>
        )}
        <form method="post" action="/admin/sign-in">
          <input type="hidden" name="token" value={token} />
          <input type="hidden" name="act" value="passkey" />
          <input type="hidden" name="next" value={next} />
          <div className="field wide passkey-first" hidden data-passkey={passkey.options}>
            <input type="hidden" name="passkey_challenge" value={passkey.sealed} />
            <input type="hidden" name="passkey" value="" />
            <button type="button" className="button" data-passkey-press>
              {t('signin.passkey')}
            </button>
            <p className="field-error" hidden data-passkey-error role="alert">
              {t('signin.passkeyFailed')}
            </p>
            <p className="or">{t('signin.or')}</p>
          </div>
        </form>
        <form className="form" method="post" action="/admin/sign-in">
          <input type="hidden" name="token" value={token} />
          <input type="hidden" name="act" value="password" />
          <input type="hidden" name="next" value={next} />
          <p className="field wide">
            <label htmlFor="login">{t('signin.login')}</label>
            <input
              id="login"
              name="login"
              autoComplete="username"
              autoCapitalize="none"
              spellCheck={false}
              maxLength={200}
              required
              defaultValue={login}
              aria-describedby={described}
              aria-invalid={wrong}
            />
          </p>
          <p className="field wide">
            <label htmlFor="password">{t('signin.password')}</label>
            <input
              id="password"
              name="password"
              type="password"
              autoComplete="current-password"
              maxLength={400}
              required
              aria-describedby={described}
              aria-invalid={wrong}
            />
          </p>
          <p className="field">
            <label htmlFor="totp">{t('step.totp')}</label>
            <TotpInput required aria-describedby={described} aria-invalid={wrong} />
          </p>
          <p className="buttons">
            <button type="submit" className="button">
              {t('signin.press')}
            </button>
          </p>
        </form>
        <p className="hint">{t('signin.lost')}</p>
      </section>
    </>
  );
}
