import type { Moment } from '../domain/calendar';
import type { Bilingual } from '../domain/campaign';
import type { ConsoleTexts } from '../i18n/console/texts';
import { type DemoFrame, renderDemoPage } from './demo-page';
import { sayMoment } from './moment-words';

export interface ClockPageProps extends DemoFrame {
  readonly now: Date;
  readonly calendars: readonly { readonly id: string; readonly name: Bilingual; readonly moments: readonly Moment[] }[];
  /** What was typed and could not be taken. */
  readonly problem: { readonly typed: string; readonly text: string } | null;
}

/** The rehearsal's clock: the programmes' instants, to which it can be moved. */
export function renderClock({ calendars, problem, now, ...frame }: ClockPageProps): string {
  const { t } = frame;
  return renderDemoPage(
    frame,
    <>
      <p className="now">
        {t('clock.now')} <strong>{t.moment(now)}</strong>
      </p>
      <form method="post" className="move">
        <label htmlFor="to">{t('clock.to')}</label>
        <input
          id="to"
          name="to"
          type="text"
          defaultValue={problem?.typed ?? ''}
          placeholder="2023-04-10 09:00:00"
          aria-invalid={problem ? true : undefined}
          aria-describedby={problem ? 'to-error' : undefined}
        />
        <button type="submit">{t('clock.move')}</button>
        {problem && (
          <p id="to-error" className="problem">
            {problem.text}
          </p>
        )}
      </form>
      {calendars.map(({ id, name, moments }) => (
        <section key={id}>
          <h2>{name[t.language]}</h2>
          <ol className="moments">
            {moments.map((moment) => (
              <li key={`${moment.kind} ${moment.group}`} className={moment.at < now ? 'past' : undefined}>
                <p>
                  <time dateTime={moment.at.toISOString()}>{t.moment(moment.at)}</time>
                  <span>{sayMoment(t, moment)}</span>
                </p>
                {moment.at > now && <Moves t={t} moment={moment} />}
              </li>
            ))}
          </ol>
        </section>
      ))}
    </>,
  );
}

/** One second before and after the change: at its last second, and when it is over. */
function Moves({ t, moment }: { t: ConsoleTexts; moment: Moment }) {
  const turn = moment.at.getTime() + (moment.ends ? 1_000 : 0);
  const before = new Date(turn - 1_000);
  const after = new Date(turn);
  const what = sayMoment(t, moment);
  return (
    <form method="post" className="moves">
      <button type="submit" name="to" value={before.toISOString()} aria-label={`${t('clock.before')} (${what})`}>
        {t('clock.before')}
      </button>
      <button type="submit" name="to" value={after.toISOString()} aria-label={`${t('clock.after')} (${what})`}>
        {t('clock.after')}
      </button>
    </form>
  );
}
