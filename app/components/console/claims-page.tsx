import { CLAIM_ASKS, CLAIM_REFUSALS, type ClaimState } from '../../domain/claim';
import type { CouponVerdict } from '../../domain/claim-match';
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
  readonly name: string | null;
  readonly verdicts: readonly CouponVerdict[];
  readonly reason: string | null;
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
                <Table t={t} rows={queue.rows} state={state} choosing={mayPropose && state === 'checking'} />
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

/** All that stands in its way is that nobody knows yet what is owed. */
function isBeforeCutoff({ verdicts }: Row): boolean {
  return verdicts.length === 1 && verdicts[0] === 'before_cutoff';
}

/** How a claim fits the register and why not; of one that was refused or asked about, the reason. */
function Match({ t, row, state }: { t: ConsoleTexts; row: Row; state: ClaimState }) {
  const reason = row.reason && reasonWords(t, state, row.reason);
  if (reason) return <span>{reason}</span>;
  // It was paid: what its coupons would come to now says nothing.
  if (state === 'approved' || state === 'sent' || state === 'collected') return <>―</>;
  if (row.whole) return <span className="chip done">{t('claims.whole')}</span>;
  if (isBeforeCutoff(row)) return <span className="chip">{t('claims.verdict.before_cutoff')}</span>;
  // Whoever claimed first stands on the claim's own page.
  const words = row.verdicts.map((verdict) => (verdict === 'already_claimed' ? t('claims.first') : t(`claims.verdict.${verdict}`)));
  return (
    <>
      <span className="chip time">{t('claims.look')}</span> <span className="hint">{words.join(t.language === 'ja' ? '、' : ', ')}</span>
    </>
  );
}

function reasonWords(t: ConsoleTexts, state: ClaimState, reason: string): string | null {
  const ask = state === 'more_needed' && CLAIM_ASKS.find((each) => each === reason);
  if (ask) return t(`claims.ask.${ask}`);
  const refusal = state === 'refused' && CLAIM_REFUSALS.find((each) => each === reason);
  return refusal ? t(`claims.refusal.${refusal}`) : null;
}

function Table({ t, rows, state, choosing }: { t: ConsoleTexts; rows: readonly Row[]; state: ClaimState; choosing: boolean }) {
  return (
    <div className="table-scroll">
      <table>
        <thead>
          <tr>
            {choosing && <td />}
            <th scope="col">{t('claims.number')}</th>
            <th scope="col">{t('claims.name')}</th>
            <th scope="col">{t('claims.received')}</th>
            <th scope="col" className="number">
              {t('claims.coupons')}
            </th>
            <th scope="col">{t(state === 'refused' || state === 'more_needed' ? 'claims.reason' : 'claims.match')}</th>
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
              <td className="whole">{row.name ?? '―'}</td>
              <td className="stamp">{t.stamp(row.receivedAt)}</td>
              <td className="number">{row.coupons}</td>
              <td>
                <Match t={t} row={row} state={state} />
                {row.proposed && <span className="chip">{t('claims.proposed')}</span>}
              </td>
              <td className="number">{isBeforeCutoff(row) ? '―' : t.yen(row.yen)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
