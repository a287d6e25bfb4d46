import type { ConsoleTexts } from '../../i18n/console/texts';

/** A button that makes a passkey and sends it with the form around it. Hidden where the browser cannot. */
export function NewPasskeyField({
  t,
  offer,
  text,
  wrong,
}: {
  t: ConsoleTexts;
  offer: { options: string; sealed: string };
  text: string;
  wrong: boolean;
}) {
  return (
    <>
      <div className="field" hidden data-passkey-new={offer.options}>
        <input type="hidden" name="passkey_challenge" value={offer.sealed} />
        <input type="hidden" name="passkey" value="" />
        {wrong && (
          <p className="field-error" data-focus tabIndex={-1}>
            {t('invite.passkeyWrong')}
          </p>
        )}
        <p className="field">
          <label htmlFor="label">{t('passkey.label')}</label>
          <input id="label" name="label" maxLength={40} autoComplete="off" defaultValue="" />
        </p>
        <button type="button" className="button" data-passkey-press>
          {text}
        </button>
        <p className="field-error" hidden data-passkey-error role="alert">
          {t('invite.passkeyWrong')}
        </p>
      </div>
      <p className="hint" data-no-passkey>
        {t('step.noPasskeys')}
      </p>
    </>
  );
}
