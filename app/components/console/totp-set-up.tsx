import type { ConsoleTexts } from '../../i18n/console/texts';
import { QrCode } from '../qr-code';
import { TotpInput } from './totp-input';

/** A new authenticator: the QR code, its key to type, and a number as proof that the app has it. */
export function TotpSetUp({ t, totp, wrong }: { t: ConsoleTexts; totp: { secret: string; uri: string }; wrong: boolean }) {
  return (
    <>
      <p>{t('invite.totpWhat')}</p>
      <QrCode text={totp.uri} alt={t('totp.qr')} />
      <p className="field">
        <span className="hint">{t('totp.secret')}</span>
        <code className="secret">{totp.secret.replace(/(.{4})(?=.)/g, '$1 ')}</code>
      </p>
      <p className="field">
        <label htmlFor="totp">{t('step.totp')}</label>
        {wrong && (
          <span className="field-error" id="totp-error">
            {t('invite.totpWrong')}
          </span>
        )}
        <TotpInput
          required
          aria-describedby={wrong ? 'totp-error' : undefined}
          aria-invalid={wrong ? true : undefined}
          data-focus={wrong ? '' : undefined}
        />
      </p>
    </>
  );
}
