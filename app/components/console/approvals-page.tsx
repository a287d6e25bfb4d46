import type { ConsoleTexts } from '../../i18n/console/texts';
import { ApprovalState, type ApprovalStateFacts, actName } from './approval-state';

export interface ApprovalListRow extends ApprovalStateFacts {
  readonly id: string;
  readonly act: string;
  readonly yen: bigint;
  readonly number: string | null;
  readonly items: number;
  readonly own: boolean;
  readonly proposedByName: string;
  readonly proposedAt: Date;
  readonly expiresAt: Date;
}

type Filter = 'waiting' | 'running' | 'mine' | 'ended';

/** Proposals of one kind, newest first. */
export function ApprovalsPage({
  t,
  filter,
  filters,
  rows,
  next,
}: {
  t: ConsoleTexts;
  filter: Filter;
  filters: readonly Filter[];
  rows: readonly ApprovalListRow[];
  next: string | null;
}) {
  return (
    <>
      <header className="stack">
        <h1>{t('approvals.title')}</h1>
        <p className="hint">{t('approvals.lead')}</p>
      </header>
      <nav aria-label={t('approvals.title')}>
        <ul className="tabs">
          {filters.map((each) => (
            <li key={each}>
              <a href={`/admin/approvals?show=${each}`} aria-current={each === filter ? 'page' : undefined}>
                {t(`approvals.filter.${each}`)}
              </a>
            </li>
          ))}
        </ul>
      </nav>
      <section className="card">
        {rows.length === 0 ? (
          <p>{t(`approvals.none.${filter}`)}</p>
        ) : (
          <div className="table-scroll">
            <table>
              <thead>
                <tr>
                  <th scope="col">{t('approvals.what')}</th>
                  <th scope="col">{t('approvals.who')}</th>
                  <th scope="col" className="number">
                    {t('approvals.yen')}
                  </th>
                  <th scope="col">{t('approvals.by')}</th>
                  <th scope="col">{t('approvals.ends')}</th>
                  <th scope="col">{t('approvals.state')}</th>
                </tr>
              </thead>
              <tbody>
                {rows.map((row) => (
                  <tr key={row.id}>
                    <td>
                      <a href={`/admin/approvals/${row.id}`} data-row="">
                        {actName(t, row.act)}
                      </a>
                    </td>
                    <td>{row.number ?? (row.items > 0 ? t('approvals.many', { count: row.items }) : '―')}</td>
                    <td className="number">{t.yen(row.yen)}</td>
                    <td>
                      {row.proposedByName}
                      <br />
                      <span className="hint">{t.stamp(row.proposedAt)}</span>
                    </td>
                    <td className="stamp">{row.state === 'proposed' ? t.stamp(row.expiresAt) : '―'}</td>
                    <td>
                      <ApprovalState t={t} approval={row} />
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
        {next && (
          <p>
            <a href={`/admin/approvals?show=${filter}&before=${next}`}>{t('approvals.older')}</a>
          </p>
        )}
      </section>
    </>
  );
}
