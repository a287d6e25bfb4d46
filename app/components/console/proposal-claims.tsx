import { showClaimNumber } from '../../domain/claim-number';
import type { Yen } from '../../domain/yen';
import type { ConsoleTexts } from '../../i18n/console/texts';

export interface ProposalClaim {
  readonly id: string;
  readonly number: string;
  readonly yen: Yen;
  readonly state: 'waiting' | 'done' | 'skipped';
}

/** The claims that a proposal is about, each to be looked at. */
export function ProposalClaims({ t, claims }: { t: ConsoleTexts; claims: readonly ProposalClaim[] }) {
  return (
    <section className="card stack">
      <h2>{t('claims.inApproval')}</h2>
      <div className="table-scroll">
        <table>
          <thead>
            <tr>
              <th scope="col">{t('claims.number')}</th>
              <th scope="col" className="number">
                {t('claims.yen')}
              </th>
              <th scope="col">{t('claims.state')}</th>
            </tr>
          </thead>
          <tbody>
            {claims.map(({ id, number, yen, state }) => (
              <tr key={id}>
                <td>
                  <a href={`/admin/claims/${id}`}>{showClaimNumber(number)}</a>
                </td>
                <td className="number">{t.yen(yen)}</td>
                <td>{t(`claims.item.${state}`)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
