import type { Bilingual } from '../../domain/campaign';
import type { CaseState } from '../../domain/case';
import type { ClaimState } from '../../domain/claim';
import type { MaskedContact } from '../../domain/contact';
import { lastMoment } from '../../domain/deadline';
import type { Candidate } from '../../domain/incident';
import type { Yen } from '../../domain/yen';
import type { ConsoleTexts } from '../../i18n/console/texts';
import { CandidateEvidence } from './candidate-evidence';
import { CouponEntries, type CouponEntryRow, type CouponPaymentRow, CouponPayments } from './coupon-tables';

/** A coupon as its page shows it. */
export interface CouponFacts {
  readonly sheet: {
    readonly id: string;
    readonly inquiryNumber: string;
    readonly prefecture: string;
    readonly issuer: string;
    readonly faceYen: Yen;
    readonly listedYen: Yen;
    readonly spentYen: Yen;
    readonly remainingYen: Yen;
    readonly takenYen: Yen;
    readonly validUntil: Date;
    readonly inApp: boolean;
    readonly leftOn: string | null;
  };
  readonly campaign: Bilingual;
  readonly listedAt: Date;
  readonly covered: boolean;
  readonly validUntil: Date;
  readonly cutOff: boolean;
  readonly contact: MaskedContact | null;
  readonly payments: readonly CouponPaymentRow[];
  readonly entries: readonly CouponEntryRow[];
  readonly extensions: readonly {
    readonly couponId: string | null;
    readonly until: Date;
    readonly evidence: string;
    readonly at: Date;
    readonly approvalId: string | null;
  }[];
  readonly candidates: readonly Candidate[];
  readonly grants: readonly { readonly id: string; readonly number: string; readonly yen: Yen; readonly name: string | null }[];
  readonly claims: readonly { readonly id: string; readonly number: string; readonly state: ClaimState; readonly receivedAt: Date }[];
  readonly cases: readonly { readonly id: string; readonly number: string; readonly state: CaseState; readonly receivedAt: Date }[];
  readonly live: { readonly id: string; readonly act: string } | null;
}

interface Props {
  readonly t: ConsoleTexts;
  readonly coupon: CouponFacts;
  readonly mayPutBack: boolean;
  readonly mayExtend: boolean;
  readonly seesPeople: boolean;
  readonly seesClaims: boolean;
  readonly startsCase: boolean;
  readonly seesCases: boolean;
}

/** One coupon: its account on the left, who holds it and what can be done on the right. */
export function CouponView(props: Props) {
  const { t, coupon } = props;
  const { sheet } = coupon;
  return (
    <>
      <header>
        <p className="crumbs">
          {t.own(coupon.campaign)} ／ <a href="/admin/coupons">{t('coupons.title')}</a>
        </p>
        <div className="title-line">
          <h1>{sheet.inquiryNumber}</h1>
          <span className={sheet.inApp && !sheet.leftOn ? 'chip done' : 'chip'}>
            {t(sheet.leftOn ? 'coupon.left' : sheet.inApp ? 'coupon.inApp' : 'coupon.notInApp')}
          </span>
          {coupon.covered && <span className="chip">{t('coupon.covered')}</span>}
          {coupon.candidates.length > 0 && <span className="chip time">{t('coupon.suspicious')}</span>}
          <span className="hint">{t('coupon.until', { until: t.moment(lastMoment(coupon.validUntil)) })}</span>
        </div>
      </header>
      <div className="columns">
        <div className="stack">
          <Figures t={t} coupon={coupon} />
          {coupon.candidates.length > 0 && <Candidates {...props} />}
          <CouponPayments t={t} payments={coupon.payments} />
          <CouponEntries t={t} entries={coupon.entries} />
        </div>
        <div className="stack">
          <Holder {...props} />
          <Acts {...props} />
          <Validity t={t} coupon={coupon} />
        </div>
      </div>
    </>
  );
}

function Figures({ t, coupon: { sheet, listedAt } }: Pick<Props, 't' | 'coupon'>) {
  const figures = [
    ['coupon.face', sheet.faceYen],
    ['coupon.spent', sheet.spentYen],
    ['coupon.remaining', sheet.remainingYen],
    ...(sheet.takenYen > 0n ? ([['coupon.taken', sheet.takenYen]] as const) : []),
  ] as const;
  return (
    <section className="card" aria-label={t('coupon.account')}>
      <dl className="figures">
        {figures.map(([name, yen]) => (
          <div key={name}>
            <dt>{t(name)}</dt>
            <dd>{t.yen(yen)}</dd>
          </div>
        ))}
      </dl>
      <p className="hint">{t('coupon.listed', { yen: t.yen(sheet.listedYen), at: t.moment(lastMoment(listedAt)) })}</p>
      <p className="hint">{t('coupon.issuedBy', { issuer: sheet.issuer, prefecture: sheet.prefecture })}</p>
    </section>
  );
}

function Candidates({ t, coupon, startsCase, mayPutBack }: Props) {
  return (
    <section className="card">
      <h2>{t('coupon.candidates')}</h2>
      <p className="hint">{t('candidates.never')}</p>
      {coupon.candidates.map((candidate) => (
        <CandidateEvidence
          key={candidate.evidence[0]?.number}
          t={t}
          candidate={candidate}
          couponId={coupon.sheet.id}
          startsCase={startsCase}
          putsBack={mayPutBack && !coupon.cutOff && !coupon.live}
        />
      ))}
    </section>
  );
}

function Holder({ t, coupon, seesPeople, seesClaims, seesCases }: Props) {
  const { contact, grants, claims, cases, sheet } = coupon;
  return (
    <section className="card">
      <h2>{t('coupon.holder')}</h2>
      <dl className="facts">
        <dt>{t('coupon.app')}</dt>
        <dd>
          {contact ? [contact.phone, contact.mail].filter(Boolean).join('　') : t(sheet.inApp ? 'coupon.unreadable' : 'coupon.notInApp')}
          {sheet.leftOn && <span className="hint">　{t('coupon.leftOn', { day: t.day(sheet.leftOn) })}</span>}
        </dd>
        <dt>{t('coupon.grant')}</dt>
        <dd>
          {grants.length === 0 && t('coupon.noGrant')}
          {grants.map((grant) => (
            <p key={grant.id}>
              {seesPeople ? <a href={`/admin/people/${grant.id}`}>{grant.number}</a> : grant.number}　{grant.name}　{t.yen(grant.yen)}
            </p>
          ))}
        </dd>
        <dt>{t('coupon.claim')}</dt>
        <dd>
          {claims.length === 0 && t('coupon.noClaim')}
          {claims.map((claim) => (
            <p key={claim.id}>
              {seesClaims ? <a href={`/admin/claims/${claim.id}`}>{claim.number}</a> : claim.number}　{t(`coupon.claim.${claim.state}`)}
              <span className="hint">　{t.stamp(claim.receivedAt)}</span>
            </p>
          ))}
        </dd>
        <dt>{t('coupon.cases')}</dt>
        <dd>
          {cases.length === 0 && t('coupon.noCase')}
          {cases.map((own) => (
            <p key={own.id}>
              {seesCases ? <a href={`/admin/cases/${own.id}`}>{own.number}</a> : own.number}　{t(`case.state.${own.state}`)}
              <span className="hint">　{t.stamp(own.receivedAt)}</span>
            </p>
          ))}
        </dd>
      </dl>
    </section>
  );
}

function Acts({ t, coupon, mayPutBack, mayExtend, startsCase }: Props) {
  const { sheet, live, cutOff } = coupon;
  const path = `/admin/coupons/${sheet.id}`;
  return (
    <section className="card">
      <h2>{t('coupon.acts')}</h2>
      {live && (
        <p className="message time">
          <a href={`/admin/approvals/${live.id}`}>{t('coupon.live')}</a>
        </p>
      )}
      {cutOff ? (
        <p>{t('coupon.cutOff')}</p>
      ) : (
        <ul className="acts">
          {mayPutBack && (
            <li>
              <a className="button quiet" href={`${path}/put_back`}>
                {t('coupon.act.put_back')}
              </a>
            </li>
          )}
          {mayExtend && (
            <li>
              <a className="button quiet" href={`${path}/extend_coupon`}>
                {t('coupon.act.extend_coupon')}
              </a>
            </li>
          )}
        </ul>
      )}
      {startsCase && (
        <p>
          <a href={`/admin/cases/new?coupon=${sheet.id}`}>{t('coupon.case')}</a>
        </p>
      )}
    </section>
  );
}

function Validity({ t, coupon }: Pick<Props, 't' | 'coupon'>) {
  return (
    <section className="card">
      <h2>{t('coupon.validity')}</h2>
      <dl className="facts">
        <dt>{t('coupon.asIssued')}</dt>
        <dd>{t.moment(lastMoment(coupon.sheet.validUntil))}</dd>
        {coupon.extensions.map((extension) => (
          <div key={`${extension.at.getTime()} ${extension.couponId}`}>
            <dt>{t(extension.couponId ? 'coupon.extendedOne' : 'coupon.extendedAll')}</dt>
            <dd>
              {t.moment(lastMoment(extension.until))}
              <span className="hint">　{extension.evidence}</span>
              {extension.approvalId && <a href={`/admin/approvals/${extension.approvalId}`}>{t('coupon.approval')}</a>}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
