import type { Role } from '../../domain/access';
import type { ConsoleTexts } from '../../i18n/console/texts';
import { NewPasskeyField } from './new-passkey-field';
import { NewPasswordFields, type NewPasswordProblem } from './new-password-fields';
import { TotpSetUp } from './totp-set-up';

interface Props {
  readonly t: ConsoleTexts;
  readonly token: string;
  readonly person: { readonly login: string; readonly name: string; readonly role: Role; readonly expiresAt: Date };
  /** The first step chooses, the second confirms the authenticator. */
  readonly step: 'choose' | 'totp';
  readonly passkey: { readonly options: string; readonly sealed: string };
  readonly totp: { readonly secret: string; readonly uri: string };
  readonly problem: NewPasswordProblem | 'totp' | 'passkey' | null;
}

/** What an invited person chooses to sign in with. */
export function InvitationPage({ t, token, person, step, passkey, totp, problem }: Props) {
  return (
    <>
      <p className="brand-alone">uketori</p>
      <div>
        <h1>{t('invite.title')}</h1>
        <p>{t('invite.for', { name: person.name, role: t(`role.${person.role}`) })}</p>
        <p className="hint">{t('invite.until', { moment: t.moment(person.expiresAt) })}</p>
      </div>
      {step === 'totp' ? (
        <section className="card">
          <h2>{t('invite.totpTitle')}</h2>
          <form className="form" method="post">
            <Hidden token={token} act="totp" />
            <TotpSetUp t={t} totp={totp} wrong={problem === 'totp'} />
            <p className="buttons">
              <button type="submit" className="button">
                {t('invite.totpPress')}
              </button>
              <a href="?step=choose">{t('invite.otherPassword')}</a>
            </p>
          </form>
        </section>
      ) : (
        <>
          <section className="card">
            <h2>{t('invite.passkeyTitle')}</h2>
            <p>{t('invite.passkeyWhat')}</p>
            <form method="post">
              <Hidden token={token} act="passkey" />
              <NewPasskeyField t={t} offer={passkey} text={t('invite.passkeyPress')} wrong={problem === 'passkey'} />
            </form>
          </section>
          <section className="card">
            <h2>{t('invite.passwordTitle')}</h2>
            <form className="form" method="post">
              <Hidden token={token} act="password" />
              <NewPasswordFields t={t} login={person.login} problem={problem === 'passkey' || problem === 'totp' ? null : problem} />
              <p className="buttons">
                <button type="submit" className="button quiet">
                  {t('invite.passwordPress')}
                </button>
              </p>
            </form>
          </section>
        </>
      )}
    </>
  );
}

function Hidden({ token, act }: { token: string; act: string }) {
  return (
    <>
      <input type="hidden" name="token" value={token} />
      <input type="hidden" name="act" value={act} />
    </>
  );
}
