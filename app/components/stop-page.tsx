import type { Texts } from '../i18n/texts';
import { HelpBox, type Office } from './help-box';

/** Asks whether reminders are to be stopped, or says that they are. */
export function StopPage({ t, stopped, offices }: { t: Texts; stopped: boolean; offices: readonly Office[] }) {
  return (
    <>
      <section className="card notice wait">
        <h1>{t(stopped ? 'stop.doneTitle' : 'stop.title')}</h1>
        <p>{t(stopped ? 'stop.done' : 'stop.lead')}</p>
        <div className="safe">
          <h2>{t('notice.safe')}</h2>
          <p>{t('stop.safe')}</p>
        </div>
        {!stopped && (
          <form method="post">
            <button type="submit" name="stop" value="1" className="button">
              {t('stop.button')}
            </button>
          </form>
        )}
      </section>
      <HelpBox t={t} offices={offices} />
    </>
  );
}
