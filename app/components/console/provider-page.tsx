import type { Bilingual } from '../../domain/campaign';
import type { ConsoleTextKey, ConsoleTexts } from '../../i18n/console/texts';
import { PauseSection, type PauseWritten } from './pause-section';
import { type AnswerFacts, type ProviderRow, ProviderState, successOf, timesOf } from './providers-page';
import { type ShelfFacts, Shelves, type StockOutcome } from './stock-section';

export interface ProviderFacts extends ProviderRow {
  readonly pauseNote: Bilingual | null;
  readonly troubleSince: Date | null;
  readonly lastOkAt: Date | null;
  readonly hour: AnswerFacts;
  readonly ratePerSecond: number;
  readonly rateUsed: number;
  readonly funds: {
    readonly yen: bigint | null;
    readonly at: Date | null;
    readonly cause: string | null;
    readonly lowYen: bigint | null;
  } | null;
  readonly shelves: readonly ShelfFacts[];
}

export interface ProviderPageProps {
  readonly t: ConsoleTexts;
  readonly token: string;
  readonly provider: ProviderFacts;
  readonly may: { readonly pause: boolean; readonly mark: boolean; readonly ask: boolean; readonly load: boolean };
  readonly needsFaceValue: boolean;
  readonly pauseReasons: readonly string[];
  readonly done: ConsoleTextKey | null;
  /** What was typed and is wrong with it. */
  readonly pause?: PauseWritten;
  readonly mark?: { readonly face: string; readonly typed: string };
  readonly stock?: StockOutcome;
}

/** One provider of one programme: how it answers, and what can be done about it. */
export function ProviderPage(props: ProviderPageProps) {
  const { t, provider, done } = props;
  return (
    <>
      <header>
        <p className="crumbs">
          {t.own(provider.campaignName)} ／ <a href="/admin/providers">{t('providers.title')}</a>
        </p>
        <div className="title-line">
          <h1>{t.own(provider.label)}</h1>
          <ProviderState t={t} row={provider} />
          <span className="chip">{t(`providers.${provider.source}`)}</span>
        </div>
      </header>
      {done && (
        <p className="message" role="status">
          {t(done)}
        </p>
      )}
      <div className="columns">
        <div className="stack">
          <Figures t={t} provider={provider} />
          <Shelves {...props} />
        </div>
        <div className="stack">
          <PauseSection {...props} />
          {provider.funds && <Funds {...props} funds={provider.funds} />}
        </div>
      </div>
    </>
  );
}

function Figures({ t, provider }: { t: ConsoleTexts; provider: ProviderFacts }) {
  const columns = [
    [t('provider.hour'), provider.hour],
    [t('provider.day'), provider.day],
  ] as const;
  const row = (name: string, cell: (facts: AnswerFacts) => string | number) => (
    <tr key={name}>
      <th scope="row">{name}</th>
      {columns.map(([column, facts]) => (
        <td key={column} className="number">
          {cell(facts)}
        </td>
      ))}
    </tr>
  );
  return (
    <section className="card">
      <h2>{t('provider.figures')}</h2>
      <table>
        <thead>
          <tr>
            <td />
            {columns.map(([column]) => (
              <th scope="col" key={column} className="number">
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {row(t('provider.issued'), (facts) => facts.issued)}
          {row(t('provider.declined'), (facts) => facts.declined)}
          {row(t('provider.unknown'), (facts) => facts.unknown)}
          {row(t('provider.success'), successOf)}
          {row(t('provider.time'), (facts) => timesOf(t, facts))}
        </tbody>
      </table>
      <dl className="facts">
        <dt>{t('provider.rate')}</dt>
        <dd>{t('provider.rateText', { rate: provider.ratePerSecond, percent: Math.round(provider.rateUsed * 100) })}</dd>
        <dt>{t('provider.lastOk')}</dt>
        <dd>{provider.lastOkAt ? t.moment(provider.lastOkAt) : t('provider.never')}</dd>
        {provider.troubleSince && (
          <>
            <dt>{t('provider.since')}</dt>
            <dd>{t.moment(provider.troubleSince)}</dd>
          </>
        )}
      </dl>
    </section>
  );
}

function Funds({ t, token, may, mark, funds }: ProviderPageProps & { funds: NonNullable<ProviderFacts['funds']> }) {
  const low = funds.yen !== null && funds.lowYen !== null && funds.yen < funds.lowYen;
  const wrong = mark?.face === '';
  return (
    <section className="card">
      <h2>{t('provider.funds')}</h2>
      <p>
        <strong className="amount">{funds.yen === null ? '―' : t.yen(funds.yen)}</strong>{' '}
        <span className="hint">{funds.at ? t('provider.fundsAt', { moment: t.moment(funds.at) }) : t('provider.fundsNone')}</span>
      </p>
      {low && <p className="field-error">{t('provider.fundsIsLow')}</p>}
      {funds.cause && <p className="message time">{t('provider.fundsCause', { cause: funds.cause })}</p>}
      {may.mark && (
        <form method="post" className="filters">
          <input type="hidden" name="token" value={token} />
          <input type="hidden" name="act" value="low_water" />
          <input type="hidden" name="face" value="" />
          <p className="field">
            <label htmlFor="low-funds">{t('provider.fundsLow')}</label>
            <input
              id="low-funds"
              name="low"
              inputMode="numeric"
              size={12}
              defaultValue={wrong ? mark.typed : (funds.lowYen?.toString() ?? '')}
              aria-invalid={wrong || undefined}
              aria-describedby={wrong ? 'low-funds-error' : undefined}
            />
            {wrong && (
              <span className="field-error" id="low-funds-error">
                {t('provider.number')}
              </span>
            )}
          </p>
          <button type="submit" className="button quiet">
            {t('provider.set')}
          </button>
        </form>
      )}
      {may.ask && (
        <form method="post">
          <input type="hidden" name="token" value={token} />
          <input type="hidden" name="act" value="ask_funds" />
          <button type="submit" className="button quiet">
            {t('provider.askFunds')}
          </button>
        </form>
      )}
    </section>
  );
}
