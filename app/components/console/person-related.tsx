import type { CaseState } from '../../domain/case';
import type { ClaimState } from '../../domain/claim';
import { showClaimNumber } from '../../domain/claim-number';
import type { Yen } from '../../domain/yen';
import type { ConsoleTexts } from '../../i18n/console/texts';

export interface RelatedFacts {
  readonly coupons: readonly { readonly id: string; readonly inquiryNumber: string; readonly faceYen: Yen; readonly ofGrant: boolean }[];
  readonly claims: readonly { readonly id: string; readonly number: string; readonly state: ClaimState; readonly at: Date }[];
  readonly cases: readonly { readonly id: string; readonly number: string; readonly state: CaseState; readonly at: Date }[];
  readonly grants: readonly { readonly id: string; readonly number: string; readonly yen: Yen }[];
}

/** What else is known of this person: nothing is shown where there is nothing. */
export function PersonRelated({ t, related }: { t: ConsoleTexts; related: RelatedFacts }) {
  const { coupons, claims, cases, grants } = related;
  if (coupons.length + claims.length + cases.length + grants.length === 0) return null;
  return (
    <section className="card related">
      <h2>{t('related.title')}</h2>
      {coupons.length > 0 && (
        <>
          <h3>{t('related.coupons')}</h3>
          <ul>
            {coupons.map((coupon) => (
              <li key={coupon.id}>
                <a href={`/admin/coupons/${coupon.id}`}>{coupon.inquiryNumber}</a> <span>{t.yen(coupon.faceYen)}</span>{' '}
                {coupon.ofGrant && <span className="chip done">{t('related.ofGrant')}</span>}
              </li>
            ))}
          </ul>
        </>
      )}
      {claims.length > 0 && (
        <>
          <h3>{t('related.claims')}</h3>
          <ul>
            {claims.map((claim) => (
              <li key={claim.id}>
                <a href={`/admin/claims/${claim.id}`}>{showClaimNumber(claim.number)}</a>{' '}
                <span className="chip">{t(`claims.state.${claim.state}`)}</span> <span className="hint">{t.stamp(claim.at)}</span>
              </li>
            ))}
          </ul>
        </>
      )}
      {cases.length > 0 && (
        <>
          <h3>{t('related.cases')}</h3>
          <ul>
            {cases.map((each) => (
              <li key={each.id}>
                <a href={`/admin/cases/${each.id}`}>{showClaimNumber(each.number)}</a>{' '}
                <span className="chip">{t(`case.state.${each.state}`)}</span> <span className="hint">{t.stamp(each.at)}</span>
              </li>
            ))}
          </ul>
        </>
      )}
      {grants.length > 0 && (
        <>
          <h3>{t('related.grants')}</h3>
          <ul>
            {grants.map((grant) => (
              <li key={grant.id}>
                <a href={`/admin/people/${grant.id}`}>{grant.number}</a> <span>{t.yen(grant.yen)}</span>
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}
