import type { ConsoleTextKey } from '../../i18n/console/texts';
import { LANGUAGES, type Language, textsIn } from '../../i18n/texts';
import type { ProviderPageProps } from './provider-page';

/** The form as it was filled in, and what is wrong with it. */
export interface PauseWritten {
  readonly reason: string;
  readonly ja: string;
  readonly en: string;
  /** Null: only the preview was asked for. */
  readonly wrong: { readonly field: 'reason' | Language; readonly problem: ConsoleTextKey } | null;
}

/** Takes a provider out of the choices and puts it back, with its card as recipients then see it. */
export function PauseSection({ t, token, provider, may, pause, pauseReasons }: ProviderPageProps) {
  const written = pause ?? {
    reason: '',
    ja: provider.pauseNote?.ja ?? t('provider.note.jaDefault'),
    en: provider.pauseNote?.en ?? t('provider.note.enDefault'),
    wrong: null,
  };
  const isWrong = (field: 'reason' | Language) => (written.wrong?.field === field ? written.wrong : null);
  return (
    <section className="card" id="pause">
      <h2>{t('provider.pause')}</h2>
      {provider.pausedAt && <p>{t('provider.pausedSince', { moment: t.moment(provider.pausedAt) })}</p>}
      <p className="hint">{t('provider.pauseLead')}</p>
      {(may.pause || provider.pausedAt) && <Preview {...{ t, provider, written }} />}
      {may.pause && (
        <form method="post" action="#pause" className="form">
          <input type="hidden" name="token" value={token} />
          {LANGUAGES.map((language) => {
            const wrong = isWrong(language);
            return (
              <p className="field" key={language}>
                <label htmlFor={`note-${language}`}>{t(`provider.note.${language}`)}</label>
                <textarea
                  id={`note-${language}`}
                  name={language}
                  lang={language}
                  rows={2}
                  maxLength={200}
                  defaultValue={written[language]}
                  aria-invalid={wrong ? true : undefined}
                  aria-describedby={wrong ? 'pause-error' : undefined}
                />
                {wrong && (
                  <span className="field-error" id="pause-error">
                    {t(wrong.problem)}
                  </span>
                )}
              </p>
            );
          })}
          <p className="field">
            <label htmlFor="pause-reason">{t('provider.reason')}</label>
            <select
              id="pause-reason"
              name="reason"
              defaultValue={written.reason}
              aria-invalid={isWrong('reason') ? true : undefined}
              aria-describedby={isWrong('reason') ? 'pause-error' : undefined}
            >
              <option value="">{t('provider.reason.choose')}</option>
              {pauseReasons.map((reason) => (
                <option key={reason} value={reason}>
                  {t(`provider.reason.${reason}` as ConsoleTextKey)}
                </option>
              ))}
            </select>
            {isWrong('reason') && (
              <span className="field-error" id="pause-error">
                {t('provider.reason.missing')}
              </span>
            )}
          </p>
          <div className="buttons">
            <button type="submit" name="act" value="preview" className="button quiet">
              {t('provider.doPreview')}
            </button>
            <button type="submit" name="act" value="pause" className={provider.pausedAt ? 'button quiet' : 'button'}>
              {t(provider.pausedAt ? 'provider.doChange' : 'provider.doPause')}
            </button>
            {provider.pausedAt && (
              <button type="submit" name="act" value="resume" className="button">
                {t('provider.doResume')}
              </button>
            )}
          </div>
        </form>
      )}
    </section>
  );
}

/** The card as it stands among the choices while the provider is paused, in both languages. */
function Preview({ t, provider, written }: Pick<ProviderPageProps, 't' | 'provider'> & { written: PauseWritten }) {
  return (
    <figure className="preview">
      <figcaption className="hint">{t(provider.pausedAt ? 'provider.previewNow' : 'provider.preview')}</figcaption>
      {LANGUAGES.map((language) => (
        <div className="preview-card" lang={language} key={language}>
          <p>
            <strong>{provider.label[language]}</strong> <span className="chip">{textsIn(language)('choose.off')}</span>
          </p>
          <p>{written[language]}</p>
        </div>
      ))}
    </figure>
  );
}
