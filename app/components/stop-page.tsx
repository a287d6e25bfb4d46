import { lastMoment } from '../domain/deadline';
import type { Texts } from '../i18n/texts';
import { HelpBox, type Office } from './help-box';

type Props = { t: Texts; stop: { readonly stopped: boolean; readonly deadlineAt: Date }; offices: readonly Office[] };

/** Asks whether reminders are to be stopped, or says that they are. */
export function StopPage({ t, stop, offices }: Props) {
  const { stopped } = stop;
  return (
    <>
      <section className={stopped ? 'card notice done' : 'card notice'}>
        <h1>{t(stopped ? 'stop.doneTitle' : 'stop.title')}</h1>
        <p>{stopped ? t('stop.done', { until: t.moment(lastMoment(stop.deadlineAt)) }) : t('stop.lead')}</p>
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
