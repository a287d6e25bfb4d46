import type { ConsoleTextKey, ConsoleTexts } from '../../i18n/console/texts';
import { TotpInput } from './totp-input';

export interface StepUpFieldsProps {
  readonly t: ConsoleTexts;
  readonly offer: {
    readonly totp: boolean;
    readonly passkey: { readonly options: string; readonly sealed: string } | null;
    readonly binding: { readonly yen: bigint | null };
  };
  /** The act in words. */
  readonly act: string;
  /** Why the last try was not taken. */
  readonly error?: 'wrong' | 'expired' | 'none' | 'tooMany' | null;
  readonly minutes?: number;
}

const ERRORS: Readonly<Record<NonNullable<StepUpFieldsProps['error']>, ConsoleTextKey>> = {
  wrong: 'step.wrong',
  expired: 'step.expired',
  none: 'step.none',
  tooMany: 'step.tooMany',
};

/** The part of an act's form that proves who is at the keyboard. Inside the act's own form, above its button. */
export function StepUpFields({ t, offer, act, error = null, minutes = 1 }: StepUpFieldsProps) {
  const { yen } = offer.binding;
  return (
    <fieldset className="step-up">
      <legend>{t('step.title')}</legend>
      <p className="hint" id="step-why">
        {yen === null ? t('step.whyPlain', { act }) : t('step.why', { act, yen: t.yen(yen) })}
      </p>
      {error && (
        <p className="field-error" id="step-error" data-focus tabIndex={-1}>
          {t(ERRORS[error], { minutes })}
        </p>
      )}
      {!offer.totp && !offer.passkey && !error && <p className="field-error">{t('step.none')}</p>}
      {offer.passkey && (
        <div className="field" hidden data-passkey={offer.passkey.options}>
          <input type="hidden" name="passkey_challenge" value={offer.passkey.sealed} />
          <input type="hidden" name="passkey" value="" />
          <button type="button" className="button quiet" data-passkey-press>
            {t('step.passkey')}
          </button>
          <p className="field-error" hidden data-passkey-error role="alert">
            {t('step.passkeyFailed')}
          </p>
        </div>
      )}
      {offer.passkey && !offer.totp && (
        <p className="hint" data-no-passkey>
          {t('step.noPasskeys')}
        </p>
      )}
      {offer.totp && (
        <p className="field">
          <label htmlFor="totp">{t('step.totp')}</label>
          <TotpInput aria-describedby={error ? 'step-error step-why' : 'step-why'} aria-invalid={error ? true : undefined} />
        </p>
      )}
    </fieldset>
  );
}
