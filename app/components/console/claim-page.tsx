import { CLAIM_ASKS, CLAIM_REFUSALS, CLAIM_SIGNALS, type ClaimSignal, type ClaimState } from '../../domain/claim';
import type { ClaimDetails } from '../../domain/claim-form';
import type { CouponVerdict } from '../../domain/claim-match';
import { showClaimNumber } from '../../domain/claim-number';
import type { ClaimTimes } from '../../domain/claim-times';
import { maskMail, maskName, maskPhone, showPhone } from '../../domain/contact';
import type { Yen } from '../../domain/yen';
import type { ClaimTexts } from '../../i18n/claim';
import { claimHeading, claimSentence, reasonSentence } from '../../i18n/claim-sentence';
import type { ConsoleTexts } from '../../i18n/console/texts';
import { type ClaimCorrection, type ClaimCorrectionNo, ClaimCorrections, CorrectMail, CorrectNumber } from './claim-correct';
import { TableScroll } from './table-scroll';

export interface ClaimPageProps {
  readonly t: ConsoleTexts;
  /** In the applicant's language. */
  readonly c: ClaimTexts;
  readonly token: string;
  readonly claim: {
    readonly id: string;
    readonly campaignId: string;
    readonly number: string;
    readonly state: ClaimState;
    readonly reason: string | null;
    readonly receivedAt: Date;
    readonly mailProvenAt: Date | null;
    readonly language: 'ja' | 'en';
    readonly grantId: string | null;
    readonly proposed: boolean;
    readonly details: ClaimDetails | null;
    readonly coupons: readonly {
      readonly position: number;
      readonly inquiryNumber: string;
      readonly claimedFirstBy: string | null;
      readonly register: { readonly takenYen: Yen } | null;
      readonly shown: { readonly number: string; readonly issuer: string; readonly faceYen: Yen } | null;
      readonly verdict: CouponVerdict;
    }[];
    readonly whole: boolean;
    readonly yen: Yen;
    readonly same: Readonly<Record<ClaimSignal, number>>;
    readonly times: ClaimTimes;
    readonly corrections: readonly ClaimCorrection[];
    readonly skipped: string | null;
    readonly deadline: Date;
    readonly isOver: boolean;
  };
  /** All of what was said is shown; else it is masked. */
  readonly whole: boolean;
  readonly no: { readonly move: 'ask' | 'refuse' | 'reopen'; readonly reason: 'reason_missing' | 'wrong_state' | 'proposed' } | null;
  readonly did: 'more_needed' | 'refused' | 'checking' | 'received' | 'mail' | 'number' | null;
  /** What was wrong with a correction, with what was typed. */
  readonly correction: ClaimCorrectionNo | null;
  readonly mayReview: boolean;
  readonly mayPropose: boolean;
  readonly mayUnmask: boolean;
  readonly seesPeople: boolean;
}

/** One claim: what was said beside the register, what the applicant reads, and what can be done. */
export function ClaimPage(props: ClaimPageProps) {
  const { t, c, claim, did, no } = props;
  const correctedAt = claim.corrections.find(({ what }) => what === 'number')?.at;
  return (
    <>
      <header className="stack">
        <p className="crumbs">
          <a href={`/admin/claims?${new URLSearchParams({ campaign: claim.campaignId, state: claim.state })}`}>{t('nav.claims')}</a>
        </p>
        <div className="title-line">
          <h1>{t('claims.of', { number: showClaimNumber(claim.number) })}</h1>
          <span className={claim.state === 'refused' ? 'chip fail' : 'chip time'}>{t(`claims.state.${claim.state}`)}</span>
          {claim.proposed && <span className="chip">{t('claims.proposed')}</span>}
          <strong>{t.yen(claim.yen)}</strong>
        </div>
      </header>
      {did && (
        <p className="message" role="status" data-focus="" tabIndex={-1}>
          {t(`claims.did.${did}`)}
        </p>
      )}
      {no && no.reason !== 'reason_missing' && (
        <p className="message fail" role="alert" data-focus="" tabIndex={-1}>
          {t(`claims.no.${no.reason}`)}
        </p>
      )}
      <Skipped {...props} />
      <div className="columns">
        <div className="stack">
          <Beside {...props} />
          <Said {...props} />
          <ClaimCorrections t={t} corrections={claim.corrections} />
        </div>
        <div className="stack">
          <section className="card stack">
            <h2>{t('claims.sentence')}</h2>
            <p lang={claim.language}>
              <strong>{claimHeading(c, claim, claim.times)}</strong>
              <br />
              {claimSentence(c, claim, claim.times)}
            </p>
            {correctedAt && <p lang={claim.language}>{c('status.corrected', { day: c.stamp(correctedAt) })}</p>}
          </section>
          <Signals t={t} same={claim.same} />
          <Review {...props} />
        </div>
      </div>
    </>
  );
}

function Beside({ t, claim }: ClaimPageProps) {
  return (
    <section className="card stack">
      <h2>{t('claims.beside')}</h2>
      <TableScroll label={t('claims.beside')}>
        <table>
          <thead>
            <tr>
              <th scope="col">{t('claims.typed')}</th>
              <th scope="col">{t('claims.register')}</th>
              <th scope="col" className="number">
                {t('claims.face')}
              </th>
              <th scope="col" className="number">
                {t('claims.taken')}
              </th>
              <th scope="col">{t('claims.verdict')}</th>
            </tr>
          </thead>
          <tbody>
            {claim.coupons.map((coupon) => (
              <tr key={coupon.position}>
                <th scope="row" className="stamp">
                  {coupon.inquiryNumber}
                </th>
                <td>{coupon.shown ? `${coupon.shown.number} ${coupon.shown.issuer}` : '―'}</td>
                <td className="number">{coupon.shown ? t.yen(coupon.shown.faceYen) : '―'}</td>
                <td className="number">{coupon.register ? t.yen(coupon.register.takenYen) : '―'}</td>
                <td>
                  <span className={coupon.verdict === 'payable' ? 'chip done' : 'chip time'}>
                    {t(`claims.verdict.${coupon.verdict}`, { by: coupon.claimedFirstBy ? showClaimNumber(coupon.claimedFirstBy) : '' })}
                  </span>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </TableScroll>
    </section>
  );
}

function Said({ t, token, claim, whole, mayUnmask, seesPeople }: ClaimPageProps) {
  const { details } = claim;
  const rows: [string, string][] = details
    ? [
        [t('claims.name'), whole ? [details.name, details.kana].filter(Boolean).join(' ') : maskName(details.name)],
        [t('claims.address'), whole ? `〒${details.postal} ${details.address}` : `〒${details.postal.slice(0, 3)}…`],
        [t('claims.phone'), whole ? showPhone(details.phone) : maskPhone(details.phone)],
        [t('claims.mail'), whole ? details.mail : maskMail(details.mail)],
      ]
    : [];
  return (
    <section className="card stack">
      <h2>{t('claims.said')}</h2>
      {details === null && <p className="message fail">{t('claims.unreadable')}</p>}
      <dl className="facts">
        {[
          ...rows,
          [t('claims.received'), t.moment(claim.receivedAt)],
          [t('claims.proven'), claim.mailProvenAt ? t.moment(claim.mailProvenAt) : t('claims.notProven')],
        ].map(([what, value]) => (
          <div key={what}>
            <dt>{what}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {details && !whole && mayUnmask && (
        <form method="post" action={`/admin/claims/${claim.id}`}>
          <input type="hidden" name="token" value={token} />
          <button type="submit" name="act" value="unmask" className="button quiet">
            {t('claims.unmask')}
          </button>
        </form>
      )}
      {claim.grantId && seesPeople && (
        <p>
          <a href={`/admin/people/${claim.grantId}`}>{t('claims.person')}</a>
        </p>
      )}
    </section>
  );
}

function Signals({ t, same }: { t: ConsoleTexts; same: ClaimPageProps['claim']['same'] }) {
  const found = CLAIM_SIGNALS.filter((signal) => same[signal] > 0);
  return (
    <section className="card stack">
      <h2>{t('claims.signals')}</h2>
      {found.length === 0 ? (
        <p>{t('claims.signals.none')}</p>
      ) : (
        <>
          <ul className="lines">
            {found.map((signal) => (
              <li key={signal}>{t(`claims.same.${signal}`, { count: same[signal] })}</li>
            ))}
          </ul>
          <p className="hint">{t('claims.signals.lead')}</p>
        </>
      )}
    </section>
  );
}

function Review(props: ClaimPageProps) {
  const { t, token, claim, mayReview, mayPropose } = props;
  const { state, proposed, whole } = claim;
  if (!mayReview || proposed) return null;
  const propose = new URLSearchParams({ campaign: claim.campaignId, c: claim.id });
  return (
    <section className="card stack">
      <h2>{t('claims.do')}</h2>
      {state === 'checking' && whole && mayPropose && !claim.isOver && (
        <p>
          <a className="button" href={`/admin/claims/approve?${propose}`}>
            {t('claims.proposeOne')}
          </a>
        </p>
      )}
      {state === 'checking' && <Move {...props} move="ask" />}
      {state === 'received' && <CorrectMail {...props} />}
      {(state === 'received' || state === 'checking' || state === 'more_needed') && <CorrectNumber {...props} />}
      {(state === 'received' || state === 'checking' || state === 'more_needed') && <Move {...props} move="refuse" />}
      {(state === 'more_needed' || state === 'refused') && (
        <form method="post" action={`/admin/claims/${claim.id}`}>
          <input type="hidden" name="token" value={token} />
          <button type="submit" name="act" value="reopen" className="button quiet">
            {t('claims.reopen')}
          </button>
        </form>
      )}
    </section>
  );
}

/** An approval that granted nothing leaves the claim where it was: what the office must do about it. */
function Skipped({ t, claim }: ClaimPageProps) {
  const { skipped, isOver, state } = claim;
  if (state !== 'checking' || (!isOver && !skipped)) return null;
  const what = isOver ? 'closed' : skipped === 'closed' ? 'extended' : 'changed';
  return (
    <p className="message fail">
      {skipped && t('claims.skipped')} {t(`claims.skipped.${what}`, { at: t.moment(claim.deadline) })}
    </p>
  );
}

/** A reason is chosen, and the sentence that each will show stands below. */
function Move({ t, c, token, claim, no, move }: ClaimPageProps & { move: 'ask' | 'refuse' }) {
  const reasons = move === 'ask' ? CLAIM_ASKS : CLAIM_REFUSALS;
  const wrong = no?.move === move && no.reason === 'reason_missing';
  const words = (reason: string) => t(`claims.${move === 'ask' ? 'ask' : 'refusal'}.${reason}` as 'claims.ask.other');
  return (
    <details className="rare" open={wrong}>
      <summary>{t(`claims.${move}`)}</summary>
      <form method="post" action={`/admin/claims/${claim.id}`} className="form">
        <input type="hidden" name="token" value={token} />
        <p className="field">
          <label htmlFor={`${move}-reason`}>{t('claims.reason')}</label>
          <select
            id={`${move}-reason`}
            name="reason"
            aria-invalid={wrong || undefined}
            aria-describedby={wrong ? `${move}-error` : undefined}
          >
            <option value="">{t('claims.reason.choose')}</option>
            {reasons.map((reason) => (
              <option key={reason} value={reason}>
                {words(reason)}
              </option>
            ))}
          </select>
          {wrong && (
            <span className="field-error" id={`${move}-error`}>
              {t('claims.no.reason_missing')}
            </span>
          )}
        </p>
        <p className="hint">{t('claims.will')}</p>
        <dl className="facts" lang={claim.language}>
          {reasons.map((reason) => (
            <div key={reason}>
              <dt lang={t.language}>{words(reason)}</dt>
              <dd>{reasonSentence(c, move === 'ask' ? 'more_needed' : 'refused', reason)}</dd>
            </div>
          ))}
        </dl>
        <div className="buttons">
          <button type="submit" name="act" value={move} className={move === 'ask' ? 'button quiet' : 'button danger'}>
            {t(`claims.${move}`)}
          </button>
        </div>
      </form>
    </details>
  );
}
