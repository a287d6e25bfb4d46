import type { Bilingual } from '../../domain/campaign';
import type { MessageChannel, MessageReason, MessageState } from '../../domain/message';
import { canMove, type SendingGroup, type WaveMove, type WavePurpose, type WaveState, type WaveWait } from '../../domain/wave';
import type { ConsoleTexts } from '../../i18n/console/texts';
import { CampaignPicker } from './campaign-picker';
import { reasonText } from './reason-text';
import { TableScroll } from './table-scroll';

interface Row {
  readonly number: number;
  readonly group: SendingGroup;
  readonly purpose: WavePurpose;
  readonly state: WaveState;
  readonly waitsFor: WaveWait | null;
  readonly fromOn: string;
  readonly untilOn: string;
  readonly firstHour: number;
  readonly endHour: number;
  readonly perHourNow: number | null;
  readonly counts: readonly { channel: MessageChannel; state: MessageState; reason: MessageReason | null; messages: number }[];
  readonly sent: number;
  readonly open: number;
  readonly left: number | null;
  readonly reminderDays: readonly string[] | null;
  readonly endsAt: Date | null;
}

interface Health {
  readonly channel: MessageChannel;
  readonly domain: string | null;
  readonly sent: number;
  readonly bounced: number;
  readonly refused: number;
  readonly complained: number;
  readonly unknown: number;
  readonly waiting: number;
  readonly lastHour: number;
}

export interface WavesPageProps {
  readonly t: ConsoleTexts;
  readonly token: string;
  readonly campaigns: readonly { readonly id: string; readonly name: Bilingual }[];
  readonly chosen: string | null;
  readonly waves: readonly Row[];
  /** People whom no invitation reached the queue for, and no wave is going to. */
  readonly uninvited: readonly { readonly group: SendingGroup; readonly people: number }[];
  readonly health: readonly Health[];
  /** The day in Japan. */
  readonly today: string;
  readonly mayAct: boolean;
  readonly mayList: boolean;
  /** What was just done to which wave. */
  readonly did: { readonly number: number; readonly state: 'planned' | 'running' | 'paused' | 'stopped' } | null;
  readonly no: 'wrong_state' | 'over' | null;
}

/** The waves of a programme: how far each has come, and start, pause, resume, stop. */
export function WavesPage(props: WavesPageProps) {
  const { t, campaigns, chosen, waves, did, no } = props;
  return (
    <>
      <header className="stack">
        <h1>{t('waves.title')}</h1>
        <p className="hint">{t('waves.lead')}</p>
        <CampaignPicker t={t} action="/admin/waves" campaigns={campaigns} chosen={chosen} />
        {chosen && (
          <p className="buttons">
            {props.mayAct && (
              <a className="button" href={`/admin/waves/new?${new URLSearchParams({ campaign: chosen })}`}>
                {t('waves.new')}
              </a>
            )}
            {props.mayList &&
              (['unreached', 'unopened'] as const).map((list) => (
                <a key={list} className="button quiet" href={`/admin/waves/${list}?${new URLSearchParams({ campaign: chosen })}`}>
                  {t(`waves.${list}`)}
                </a>
              ))}
          </p>
        )}
      </header>
      {did && (
        <p className="message" role="status" data-focus="" tabIndex={-1}>
          {t(`waves.did.${did.state}`, { number: did.number })}
        </p>
      )}
      {no && (
        <p className="message fail" role="alert" data-focus="" tabIndex={-1}>
          {t(`waves.no.${no}`)}
        </p>
      )}
      {props.uninvited.map(({ group, people }) => (
        <p key={group} className="message time">
          {t('waves.uninvited', { count: people, group: t(`waves.group.${group}`) })}
        </p>
      ))}
      {waves.length === 0 ? (
        <section className="card">
          <p>{t('waves.none')}</p>
        </section>
      ) : (
        waves.map((wave) => <Wave key={wave.number} {...props} wave={wave} />)
      )}
      {props.health.length > 0 && <ChannelHealth t={t} health={props.health} />}
    </>
  );
}

function Wave({ t, token, chosen, today, mayAct, wave }: WavesPageProps & { wave: Row }) {
  const { number, state, sent, open, left } = wave;
  const isEnded = state === 'done' || state === 'over' || state === 'stopped';
  const all = sent + open + (isEnded ? 0 : (left ?? 0));
  const isStillTaking = state === 'done' && wave.purpose === 'invitation' && today <= wave.untilOn;
  const can = (act: WaveMove) => mayAct && canMove(state, act);
  const fields = (
    <>
      <input type="hidden" name="token" value={token} />
      <input type="hidden" name="campaign" value={chosen ?? ''} />
      <input type="hidden" name="wave" value={number} />
    </>
  );
  const name = t('waves.name', { number, purpose: t(`waves.purpose.${wave.purpose}`), group: t(`waves.group.${wave.group}`) });
  return (
    <section className="card stack" aria-labelledby={`wave-${number}`}>
      <div className="title-line">
        <h2 id={`wave-${number}`}>{name}</h2>
        <span className={CHIPS[state]}>{t(`waves.state.${state}`)}</span>
      </div>
      <p>
        {t('waves.when', { from: t.day(wave.fromOn), until: t.day(wave.untilOn), first: wave.firstHour, end: wave.endHour })}
        {'　'}
        {wave.perHourNow === null ? t('waves.noLimit') : t('waves.limit', { count: wave.perHourNow })}
      </p>
      <progress className="progress" max={Math.max(all, 1)} value={sent} aria-label={`${name} ${t('waves.progress')}`} />
      <p>{left === null || isEnded ? t('waves.countedDays', { sent, open }) : t('waves.counted', { sent, open, left })}</p>
      {wave.waitsFor && <p className="message time">{t(`waves.waits.${wave.waitsFor}`)}</p>}
      {wave.reminderDays && !isEnded && <p className="message time">{reminderWords(t, wave, today)}</p>}
      {wave.endsAt && <p className="hint">{t('waves.ends', { moment: t.moment(wave.endsAt) })}</p>}
      {wave.counts.length > 0 && <Counts t={t} counts={wave.counts} />}
      {(['start', 'resume', 'pause'] as const).filter(can).map((act) => (
        <form key={act} method="post" action="/admin/waves">
          {fields}
          <button type="submit" name="act" value={act} className={act === 'pause' ? 'button quiet' : 'button'}>
            {t(`waves.do.${act}`)}
          </button>
        </form>
      ))}
      {/* Through with everybody and its days: nothing is left to be taken back. */}
      {can('stop') && (!isEnded || open > 0 || isStillTaking) && (
        <details className="rare">
          <summary>{t('waves.stopTitle')}</summary>
          <form method="post" action="/admin/waves" className="form">
            {fields}
            <p>{t('waves.stopWhat')}</p>
            <div className="buttons">
              <button type="submit" name="act" value="stop" className="button danger">
                {t('waves.do.stop')}
              </button>
            </div>
          </form>
        </details>
      )}
    </section>
  );
}

/** On which days a wave of reminders does anything: between them it runs and sends nothing. */
function reminderWords(t: ConsoleTexts, { state, reminderDays }: Row, today: string): string {
  const [next, ...others] = reminderDays ?? [];
  if (next === undefined) return t('waves.reminders.none');
  const days = [next, ...others].map((day) => t.shortDay(day)).join(t.language === 'ja' ? '、' : ', ');
  const which = state === 'planned' ? 'planned' : next === today ? 'today' : 'next';
  return t(`waves.reminders.${which}`, { next: t.shortDay(next), count: others.length + 1, days });
}

const FIGURES = ['sent', 'lastHour', 'waiting', 'bounced', 'refused', 'complained', 'unknown'] as const;

/** How receivers took our messages, by channel and domain: who has begun to refuse them is seen here first. */
function ChannelHealth({ t, health }: { t: ConsoleTexts; health: readonly Health[] }) {
  return (
    <section className="card">
      <h2 id="health">{t('waves.health')}</h2>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <section className="table-scroll" tabIndex={0} aria-labelledby="health">
        <table>
          <thead>
            <tr>
              <th scope="col">{t('waves.channel')}</th>
              <th scope="col">{t('waves.domain')}</th>
              {FIGURES.map((name) => (
                <th key={name} scope="col" className="number">
                  {t(`waves.health.${name}`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {health.map((row) => (
              <tr key={`${row.channel} ${row.domain}`}>
                <td>{t(`message.channel.${row.channel}`)}</td>
                <th scope="row">{row.domain ?? '―'}</th>
                {FIGURES.map((name) => (
                  <td key={name} className="number">
                    {row[name].toLocaleString('en')}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </section>
  );
}

const CHIPS: Readonly<Record<WaveState, string>> = {
  planned: 'chip',
  running: 'chip done',
  paused: 'chip time',
  stopped: 'chip fail',
  done: 'chip done',
  over: 'chip time',
};

function Counts({ t, counts }: { t: ConsoleTexts; counts: Row['counts'] }) {
  return (
    <TableScroll label={t('waves.result')}>
      <table>
        <thead>
          <tr>
            <th scope="col">{t('waves.channel')}</th>
            <th scope="col">{t('waves.result')}</th>
            <th scope="col" className="number">
              {t('waves.messages')}
            </th>
          </tr>
        </thead>
        <tbody>
          {counts.map(({ channel, state, reason, messages }) => (
            <tr key={`${channel} ${state} ${reason}`}>
              <td>{t(`message.channel.${channel}`)}</td>
              <td>
                {t(`waves.message.${state}`)}
                {reason && <span className="hint"> {reasonText(t, reason)}</span>}
              </td>
              <td className="number">{messages.toLocaleString('en')}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </TableScroll>
  );
}
