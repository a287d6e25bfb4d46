import type { Bilingual } from '../../domain/campaign';
import type { ConsoleTexts } from '../../i18n/console/texts';

export interface AnswerFacts {
  readonly issued: number;
  readonly declined: number;
  readonly unknown: number;
  readonly medianMs: number | null;
  readonly p95Ms: number | null;
}

export interface ProviderRow {
  readonly campaignId: string;
  readonly campaignName: Bilingual;
  readonly provider: string;
  readonly label: Bilingual;
  readonly source: 'api' | 'stock';
  readonly pausedAt: Date | null;
  readonly closedUntil: Date | null;
  readonly day: AnswerFacts;
}

/** All providers by programme, with how they answer. */
export function ProvidersPage({ t, rows }: { t: ConsoleTexts; rows: readonly ProviderRow[] }) {
  const campaigns = [...new Map(rows.map((row) => [row.campaignId, row.campaignName])).entries()];
  return (
    <>
      <h1>{t('providers.title')}</h1>
      {campaigns.length === 0 && <p className="card">{t('providers.none')}</p>}
      {campaigns.map(([id, name]) => (
        <section className="card" key={id}>
          <div className="table-scroll">
            <table>
              <caption>{t.own(name)}</caption>
              <thead>
                <tr>
                  <th scope="col">{t('providers.name')}</th>
                  <th scope="col">{t('providers.state')}</th>
                  <th scope="col" className="number">
                    {t('providers.success')}
                  </th>
                  <th scope="col" className="number">
                    {t('providers.answers')}
                  </th>
                  <th scope="col" className="number">
                    {t('providers.time')}
                  </th>
                </tr>
              </thead>
              <tbody>
                {rows
                  .filter((row) => row.campaignId === id)
                  .map((row) => (
                    <tr key={row.provider}>
                      <th scope="row">
                        <a href={`/admin/providers/${id}.${row.provider}`} data-row="">
                          {t.own(row.label)}
                        </a>
                        <br />
                        <span className="hint">{t(`providers.${row.source}`)}</span>
                      </th>
                      <td>
                        <ProviderState t={t} row={row} />
                      </td>
                      <td className="number">{successOf(row.day)}</td>
                      <td className="number">{row.day.issued + row.day.declined + row.day.unknown}</td>
                      <td className="number">{timesOf(t, row.day)}</td>
                    </tr>
                  ))}
              </tbody>
            </table>
          </div>
        </section>
      ))}
    </>
  );
}

/** Whether it is in service. */
export function ProviderState({ t, row }: { t: ConsoleTexts; row: Pick<ProviderRow, 'pausedAt' | 'closedUntil'> }) {
  if (row.pausedAt) return <span className="chip time">{t('providers.paused')}</span>;
  if (row.closedUntil) return <span className="chip fail">{t('providers.alone', { time: t.time(row.closedUntil) })}</span>;
  return <span className="chip done">{t('providers.in')}</span>;
}

/** Of the answers that are sure, how many were a yes. */
export function successOf({ issued, declined }: AnswerFacts): string {
  const sure = issued + declined;
  return sure === 0 ? '―' : `${((issued / sure) * 100).toFixed(1)}%`;
}

/** Median and 95th percentile. */
export function timesOf(t: ConsoleTexts, { medianMs, p95Ms }: AnswerFacts): string {
  const seconds = (ms: number | null) => (ms === null ? '―' : t('providers.seconds', { seconds: (ms / 1_000).toFixed(1) }));
  return medianMs === null ? '―' : `${seconds(medianMs)} / ${seconds(p95Ms)}`;
}
