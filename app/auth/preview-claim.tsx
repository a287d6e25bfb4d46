import { ClaimConfirmPage } from '../components/claim/confirm-page';
import { ClaimDonePage } from '../components/claim/done-page';
import { ClaimFormPage } from '../components/claim/form-page';
import { ClaimStatusForm, ClaimStatusPage } from '../components/claim/status-page';
import { type ClaimState, claimWindow } from '../domain/claim';
import { EMPTY_CLAIM } from '../domain/claim-form';
import { claimNumber } from '../domain/claim-number';
import { claimTimesOf } from '../domain/claim-times';
import { claimTextsIn } from '../i18n/claim';
import type { ClaimSite } from '../views/claim-site';
import { type ClaimVisit, closedPage, showClaim, showClaimHome } from './claim-visit';
import type { Visit } from './visit';

/** Nobody: what an applicant might have typed. */
const SAMPLE = {
  name: '見本 花子',
  kana: 'ミホン ハナコ',
  postal: '8600000',
  address: '熊本県熊本市（見本）1-2-3',
  phone: '+819000000000',
  mail: 'mihon@example.jp',
  numbers: ['000000000000'],
} as const;
export const SAMPLE_NUMBER = claimNumber(0n);
/** Why it is refused, or what is asked for: the first of each list. */
export const SAMPLE_REASONS: Readonly<Partial<Record<ClaimState, string>>> = { refused: 'already_paid', more_needed: 'number' };

/** A page of the claim site as a sample applicant sees it at the visit's moment; its forms belong to no session. */
export function previewClaim(visit: Visit, page: string, state: ClaimState | null, site: ClaimSite): Response {
  const c = claimTextsIn(visit.t.language);
  const { t } = visit;
  const own: ClaimVisit = { ...visit, c, site, window: claimWindow(site.terms, visit.now), secret: '', token: '' };
  const common = { c, token: '', programme: site.id };
  const { sending } = site;
  if (state !== null) {
    const claim = { number: SAMPLE_NUMBER, state, reason: SAMPLE_REASONS[state] ?? null, receivedAt: visit.now, correctedAt: null };
    const times = claimTimesOf(site.settings, { deadlineAt: site.deadlineAt, waveUntil: null, now: visit.now });
    return showClaim(own, c('status.title'), <ClaimStatusPage c={c} programme={site.id} claim={claim} times={times} />);
  }
  if (page === 'claim') return showClaimHome(own, site);
  if (page === 'claim_ask') return showClaim(own, c('status.title'), <ClaimStatusForm t={t} {...common} number="" fact="" errors={[]} />);
  if (page === 'claim_done')
    return showClaim(
      own,
      c('done.title'),
      <ClaimDonePage c={c} programme={site.id} number={SAMPLE_NUMBER} sending={sending} open={own.window === 'open'} />,
    );
  if (own.window !== 'open') return closedPage(own);
  if (page === 'claim_confirm') return showClaim(own, c('confirm.title'), <ClaimConfirmPage {...common} said="" details={SAMPLE} />);
  const { mail } = site.settings.senders;
  const form = <ClaimFormPage t={t} {...common} shown="" sender={mail} typed={EMPTY_CLAIM} errors={[]} wrong={null} />;
  return showClaim(own, c('form.title'), form);
}
