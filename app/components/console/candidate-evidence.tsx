import type { Candidate } from '../../domain/incident';
import type { ConsoleTexts } from '../../i18n/console/texts';

interface Props {
  readonly t: ConsoleTexts;
  readonly candidate: Candidate;
  readonly couponId: string;
  readonly startsCase: boolean;
  /** Whether it can be put back, by whoever looks. */
  readonly putsBack: boolean;
}

/** What shows that a payment of the failure was probably too much; for a person to judge. */
export function CandidateEvidence({ t, candidate, couponId, startsCase, putsBack }: Props) {
  const { kind, evidence, excess, excessYen } = candidate;
  const tooMuch = new Set(excess.map(({ number }) => number));
  const [first] = evidence;
  const putBack = new URLSearchParams(excess.map(({ number }) => ['payment', number]));
  return (
    <div className="evidence">
      <p>
        <span className="chip time">{t(`candidates.kind.${kind}`)}</span> <span>{first?.shop}</span>{' '}
        <strong>{t('candidates.excess', { yen: t.yen(excessYen) })}</strong>
      </p>
      <ul>
        {evidence.map((payment) => (
          <li key={payment.number}>
            {t.stamp(payment.paidAt)}　{payment.number}　{t.yen(payment.yen)}　{t(`coupon.outcome.${payment.outcome}`)}
            {tooMuch.has(payment.number) && <strong>　{t('candidates.tooMuch')}</strong>}
          </li>
        ))}
      </ul>
      {(startsCase || putsBack) && (
        <p className="buttons">
          {startsCase && (
            <a className="button quiet" href={`/admin/cases/new?coupon=${couponId}&candidate=${first?.number ?? ''}`}>
              {t('candidates.case')}
            </a>
          )}
          {putsBack && <a href={`/admin/coupons/${couponId}/put_back?${putBack}`}>{t('candidates.putBack')}</a>}
        </p>
      )}
    </div>
  );
}
