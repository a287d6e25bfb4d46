import type { Candidate } from '../../domain/incident';
import type { ConsoleTexts } from '../../i18n/console/texts';
import { type CampaignChoice, CampaignPicker } from './campaign-picker';
import { CandidateEvidence } from './candidate-evidence';

interface Props {
  readonly t: ConsoleTexts;
  readonly campaigns: readonly CampaignChoice[];
  readonly chosen: string | null;
  readonly candidates: readonly (Candidate & { readonly couponId: string; readonly inquiryNumber: string; readonly settled: boolean })[];
  /** Address of the next page. */
  readonly next: string | null;
  readonly startsCase: boolean;
  readonly putsBack: boolean;
}

/** Payments of the failure that were probably too much, coupon by coupon, for a person to judge. */
export function CandidatesPage({ t, campaigns, chosen, candidates, next, startsCase, putsBack }: Props) {
  return (
    <>
      <header className="stack">
        <p className="crumbs">
          <a href="/admin/coupons">{t('coupons.title')}</a>
        </p>
        <h1>{t('candidates.title')}</h1>
        <p className="hint">{t('candidates.never')}</p>
        <CampaignPicker t={t} action="/admin/coupons/candidates" campaigns={campaigns} chosen={chosen} />
      </header>
      {candidates.length === 0 && <p className="message">{t('candidates.none')}</p>}
      {candidates.map((candidate) => (
        <section className="card" key={`${candidate.inquiryNumber} ${candidate.kind} ${candidate.evidence[0]?.number}`}>
          <h2>
            <a href={`/admin/coupons/${candidate.couponId}`}>{candidate.inquiryNumber}</a>
            {candidate.settled && <span className="chip done">{t('coupon.putBack')}</span>}
          </h2>
          <CandidateEvidence
            t={t}
            candidate={candidate}
            couponId={candidate.couponId}
            startsCase={startsCase && !candidate.settled}
            putsBack={putsBack && !candidate.settled}
          />
        </section>
      ))}
      {next && (
        <p>
          <a className="button quiet" href={next}>
            {t('candidates.next')}
          </a>
        </p>
      )}
    </>
  );
}
