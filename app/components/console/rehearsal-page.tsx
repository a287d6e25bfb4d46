import type { Bilingual } from '../../domain/campaign';
import type { RehearsalState, RehearsalStep } from '../../domain/rehearsal';
import { sayRehearsalFacts } from '../../i18n/console/rehearsal-words';
import type { ConsoleTexts } from '../../i18n/console/texts';

interface Rehearsal {
  readonly id: string;
  readonly state: RehearsalState;
  readonly steps: readonly RehearsalStep[];
  readonly who: string;
  readonly askedAt: Date;
  readonly endedAt: Date | null;
}

interface Props {
  readonly t: ConsoleTexts;
  readonly token: string;
  readonly campaign: { readonly id: string; readonly name: Bilingual };
  readonly rehearsals: readonly Rehearsal[];
  readonly shown: Rehearsal | null;
  readonly mayPlay: boolean;
  readonly playing: boolean;
}

/** Rehearsals of a programme's calendar: asked for, watched, and read afterwards. */
export function RehearsalPage({ t, token, campaign, rehearsals, shown, mayPlay, playing }: Props) {
  return (
    <>
      <header className="stack">
        <p>
          <a href={`/admin/campaigns?${new URLSearchParams({ campaign: campaign.id })}`}>{t('campaigns.title')}</a>
        </p>
        <h1>{t('rehearsal.title')}</h1>
        <p className="hint">{t('rehearsal.lead', { name: t.own(campaign.name) })}</p>
      </header>
      {mayPlay && !playing && (
        <form method="post" action="/admin/campaigns/rehearsal">
          <input type="hidden" name="token" value={token} />
          <input type="hidden" name="campaign" value={campaign.id} />
          <button type="submit" name="act" value="play" className="button">
            {t('rehearsal.play')}
          </button>
        </form>
      )}
      {shown ? <Played t={t} rehearsal={shown} /> : <p>{t('rehearsal.none')}</p>}
      {rehearsals.length > 1 && <Others t={t} campaignId={campaign.id} rehearsals={rehearsals.filter(({ id }) => id !== shown?.id)} />}
    </>
  );
}

function Played({ t, rehearsal: { state, steps, who, askedAt } }: { t: ConsoleTexts; rehearsal: Rehearsal }) {
  return (
    <section className="card stack">
      <h2>
        {t('rehearsal.of', { at: t.moment(askedAt) })} <StateChip t={t} state={state} />
      </h2>
      <p className="hint">{t('rehearsal.by', { who })}</p>
      <p role="status">{t(`rehearsal.state.${state}.long`, { scenes: steps.length })}</p>
      {steps.length > 0 && (
        <ol className="case-story">
          {steps.map((step) => (
            <li key={`${step.scene} ${step.at}`}>
              <span className="stamp">{t.stamp(new Date(step.at))}</span> <strong>{t(`rehearsal.scene.${step.scene}`)}</strong>{' '}
              <span className={step.ok ? 'chip done' : 'chip fail'}>{t(step.ok ? 'rehearsal.ok' : 'rehearsal.wrong')}</span>
              <p className="hint">{sayRehearsalFacts(t, step.facts)}</p>
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}

function Others({ t, campaignId, rehearsals }: { t: ConsoleTexts; campaignId: string; rehearsals: readonly Rehearsal[] }) {
  return (
    <section className="card stack">
      <h2>{t('rehearsal.others')}</h2>
      <ul>
        {rehearsals.map(({ id, askedAt, state, who }) => (
          <li key={id}>
            <a href={`/admin/campaigns/rehearsal?${new URLSearchParams({ campaign: campaignId, id })}`}>{t.moment(askedAt)}</a>{' '}
            <StateChip t={t} state={state} /> <span className="hint">{who}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

const CHIPS: Readonly<Record<RehearsalState, string>> = {
  waiting: 'chip',
  playing: 'chip',
  passed: 'chip done',
  failed: 'chip fail',
  broken: 'chip fail',
  unavailable: 'chip',
};

function StateChip({ t, state }: { t: ConsoleTexts; state: RehearsalState }) {
  return <span className={CHIPS[state]}>{t(`rehearsal.state.${state}`)}</span>;
}
