import { lastMoment } from '../domain/deadline';
import type { RedemptionState } from '../domain/redemption';
import type { Yen } from '../domain/yen';
import type { Texts } from '../i18n/texts';
import { HelpBox, type Office } from './help-box';
import type { ProviderFace } from './provider-face';
import { StateLine } from './state-line';
import { Steps } from './steps';
import { Tile } from './tile';

/** A redemption as the progress page shows it. */
export interface ProgressItem {
  readonly id: string;
  readonly face: ProviderFace;
  readonly yen: Yen;
  readonly state: RedemptionState;
  readonly acceptedAt: Date;
}

interface Props {
  t: Texts;
  /** The words that the console shows as well. */
  words: { readonly title: string; readonly lead: readonly string[]; readonly items: ReadonlyMap<string, string> };
  office: Office;
  grant: { readonly number: string; readonly deadlineAt: Date };
  items: readonly ProgressItem[];
  /** Waiting for longer than was promised. */
  late: boolean;
}

/** While codes are being issued: what is safe, how long it takes, and that one may leave. Doubt reads the same. */
export function ProgressPage({ t, words, office, grant, items, late }: Props) {
  const waiting = items.some((item) => item.state !== 'failed' && item.state !== 'issued');
  return (
    <>
      <Steps t={t} current={3} />
      {waiting ? (
        <section className="card" role="status" data-progress={progressMark(items, late)}>
          <div className="spinner" aria-hidden="true" />
          <h1>{words.title}</h1>
          {words.lead.map((line, i) => (
            <p className={i === 0 && !late ? 'safe' : undefined} key={line}>
              {line}
            </p>
          ))}
        </section>
      ) : (
        <h1>{words.title}</h1>
      )}
      {items.map((item) => (
        <section className="card part" key={item.id}>
          <Tile face={item.face} />
          <div>
            <h2 className="name">{t('progress.item', { label: t.own(item.face.label), yen: t.yen(item.yen) })}</h2>
            <StateLine t={t} state={item.state} />
            <p className="quiet">{t('progress.accepted', { moment: t.moment(item.acceptedAt) })}</p>
          </div>
          {item.state === 'failed' && (
            <div className="full">
              <p>{words.items.get(item.id)}</p>
              <a className="button" href={`/receive/redemptions/${item.id}/again`}>
                {t('failed.link')}
              </a>
            </div>
          )}
        </section>
      ))}
      {waiting && <p>{t('progress.later', { until: t.moment(lastMoment(grant.deadlineAt)) })}</p>}
      <p>
        <a className="more" href="/receive/progress" data-hide="">
          {t('progress.again')}
        </a>
      </p>
      <p>
        <a className="more" href="/receive/codes">
          {t('code.all')}
        </a>
      </p>
      <HelpBox t={t} offices={[office]} number={grant.number} />
    </>
  );
}

/** Changes whenever one of the redemptions does, and when the promised time has passed; the script asks for it and loads the page anew when it differs. */
export function progressMark(items: readonly { readonly id: string; readonly state: RedemptionState }[], late: boolean): string {
  const marks = items.map(({ id, state }) => `${id.slice(-6)}${state[0]}${state[state.length - 1]}`).join('.');
  return late ? `${marks}+` : marks;
}
