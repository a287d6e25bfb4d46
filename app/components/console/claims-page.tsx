import type { ClaimState } from '../../domain/claim';
import { showClaimNumber } from '../../domain/claim-number';
import type { Yen } from '../../domain/yen';
import type { ConsoleTexts } from '../../i18n/console/texts';
import { type CampaignChoice, CampaignPicker } from './campaign-picker';

interface Row {
  readonly id: string;
  readonly number: string;
  readonly receivedAt: Date;
  readonly proposed: boolean;
  readonly coupons: number;
  readonly whole: boolean;
  readonly yen: Yen;
}

interface Props {
  readonly t: ConsoleTexts;
  readonly campaigns: readonly CampaignChoice[];
  readonly chosen: string | null;
  readonly state: ClaimState;
  readonly queue: {
    readonly counts: readonly { readonly state: ClaimState; readonly count: number }[];
    readonly rows: readonly Row[];
    readonly next: { readonly at: Date; readonly id: string } | null;
  } | null;
  readonly mayPropose: boolean;
}

/** The claims of a programme by state; those that match wholly can be proposed together. */
export function ClaimsPage({ t, campaigns, chosen, state, queue, mayPropose }: Props) {
  const address = (more: Record<string, string>) => `/admin/claims?${new URLSearchParams({ campaign: chosen ?? '', ...more })}`;
  return (
    <>
      <header className="stack">
        <h1>{t('claims.title')}</h1>
        <p className="hint">{t('claims.lead')}</p>
        <CampaignPicker t={t} action="/admin/claims" campaigns={campaigns} chosen={chosen} />
      </header>
      {queue && chosen && (
        <>
          <nav aria-label={t('claims.state')}>
            <ul className="tabs">
              {queue.counts.map(({ state: each, count }) => (
                <li key={each}>
                  <a href={address({ state: each })} aria-current={each === state ? 'page' : undefined}>
                    {t(`claims.state.${each}`)} {count.toLocaleString('en')}
                  </a>
                </li>
              ))}
            </ul>
          </nav>
          <section className="card stack">
            {queue.rows.length === 0 ? (
              <p>{t('claims.none')}</p>
            ) : (
              <form method="get" action="/admin/claims/approve" className="stack">
                <input type="hidden" name="campaign" value={chosen} />
                <Table t={t} rows={queue.rows} choosing={mayPropose && state === 'checking'} />
                {mayPropose && state === 'checking' && queue.rows.some(isProposable) && (
                  <p className="buttons">
                    <button type="submit" className="button">
                      {t('claims.propose')}
                    </button>
                  </p>
                )}
              </form>
            )}
            {queue.next && (
              <p>
                <a href={address({ state, after: `${queue.next.at.getTime()}.${queue.next.id}` })}>{t('claims.more')}</a>
              </p>
            )}
          </section>
        </>
      )}
    </>
  );
}

function isProposable({ whole, proposed }: Row): boolean {
  return whole && !proposed;
}

function Table({ t, rows, choosing }: { t: ConsoleTexts; rows: readonly Row[]; choosing: boolean }) {
  return (
    <div className="table-scroll">
      <table>
        <thead>
          <tr>
            {choosing && <td />}
            <th scope="col">{t('claims.number')}</th>
            <th scope="col">{t('claims.received')}</th>
            <th scope="col" className="number">
              {t('claims.coupons')}
            </th>
            <th scope="col">{t('claims.match')}</th>
            <th scope="col" className="number">
              {t('claims.yen')}
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.id}>
              {choosing && (
                <td>
                  {isProposable(row) && (
                    <input
                      type="checkbox"
                      name="c"
                      value={row.id}
                      aria-label={t('claims.choose', { number: showClaimNumber(row.number) })}
                      defaultChecked
                    />
                  )}
                </td>
              )}
              <td className="whole">
                <a href={`/admin/claims/${row.id}`} data-row="">
                  {showClaimNumber(row.number)}
                </a>
              </td>
              <td className="stamp">{t.stamp(row.receivedAt)}</td>
              <td className="number">{row.coupons}</td>
              <td>
                <span className={row.whole ? 'chip done' : 'chip time'}>{t(row.whole ? 'claims.whole' : 'claims.look')}</span>
                {row.proposed && <span className="chip">{t('claims.proposed')}</span>}
              </td>
              <td className="number">{t.yen(row.yen)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
