import type { ReactNode } from 'react';
import type { Bilingual } from '../../domain/campaign';
import type { CallerWay, CaseKind, CaseOutcome, CaseState, ShopAnswer } from '../../domain/case';
import type { CaseProposal, SaidThing } from '../../domain/case-decision';
import { showClaimNumber } from '../../domain/claim-number';
import { type MaskedContact, showPhone } from '../../domain/contact';
import type { Yen } from '../../domain/yen';
import type { ConsoleTexts } from '../../i18n/console/texts';
import { CaseField } from './case-field';
import { CasePayments, type CasePaymentView } from './case-payments';
import { SaidAgainst } from './case-said';
import { CASE_TONES, caseReasonText, proposalText, shopAnswerText } from './case-words';

/** What is shown of a case. */
export interface CaseFacts {
  readonly id: string;
  readonly campaign: Bilingual;
  readonly number: string;
  readonly state: CaseState;
  readonly reason: string | null;
  readonly kind: CaseKind;
  readonly caller: MaskedContact | null;
  readonly callerWay: CallerWay;
  readonly identifiedAt: Date | null;
  readonly said: { readonly number: string; readonly validOn: string; readonly prefecture: string; readonly shop: string };
  readonly owner: { readonly name: string } | null;
  readonly dueAt: Date | null;
  readonly overdue: boolean;
  readonly shopAnswer: ShopAnswer | null;
  readonly outcome: CaseOutcome | null;
  readonly grant: { readonly id: string; readonly number: string; readonly yen: Yen } | null;
  readonly approvalId: string | null;
  readonly openedAt: Date;
  readonly coupon: CouponBeside | null;
  readonly chosen: readonly string[];
  readonly proposal: CaseProposal;
  readonly waiting: { readonly id: string; readonly yen: Yen } | null;
  readonly others: readonly { readonly id: string; readonly number: string; readonly state: CaseState }[];
  readonly lines: readonly CaseLine[];
}

interface CouponBeside {
  readonly id: string;
  readonly inquiryNumber: string;
  readonly prefecture: string;
  readonly validUntil: Date;
  readonly held: MaskedContact | null;
  readonly payments: readonly CasePaymentView[];
  readonly agrees: Readonly<Record<SaidThing, boolean | null>>;
}

interface CaseLine {
  readonly id: string;
  readonly kind: 'opened' | 'note' | 'moved' | 'identified' | 'shop' | 'payments';
  readonly state: CaseState;
  readonly reason: string | null;
  readonly body: string | null;
  readonly who: string | null;
  readonly at: Date;
}

/** The whole contact, on the answer to its form only. */
export interface ShownCaller {
  readonly caller: { readonly name: string; readonly phone: string; readonly mail: string | null };
  readonly heldPhone: string | null;
}

interface Props {
  readonly t: ConsoleTexts;
  readonly token: string;
  readonly page: CaseFacts;
  readonly sentence: string;
  readonly said: string | null;
  readonly mayWork: boolean;
  readonly maySeeCaller: boolean;
  readonly seesCoupons: boolean;
  readonly reasons: readonly ('call_back' | 'identity' | 'office' | 'other')[];
  /** Undefined: not asked for. Null: it cannot be read, or no reason was chosen. */
  readonly shown?: ShownCaller | null;
  readonly unmaskError: boolean;
  /** The number that was typed for a coupon that is not in the register. */
  readonly couponError: string | null;
  /** The acts: on the right. */
  readonly children: ReactNode;
}

/** One case: what was said beside the register and the story on the left; what to say and what can be done on the right. */
export function CaseView(props: Props) {
  const { t, page, sentence, said, children } = props;
  return (
    <>
      <header>
        <p className="crumbs">
          {t.own(page.campaign)} ／ <a href="/admin/cases">{t('case.crumb')}</a>
        </p>
        <div className="title-line">
          <h1>
            {showClaimNumber(page.number)}　{page.caller?.name ?? t('case.unreadable')}
          </h1>
          <span className={`chip ${CASE_TONES[page.state] ?? ''}`}>{t(`case.state.${page.state}`)}</span>
          {page.reason && <span className="hint">{caseReasonText(t, page.state, page.reason)}</span>}
          {page.overdue && <span className="chip fail">{t('cases.late')}</span>}
          {page.dueAt && <span className="hint">{`${t('case.due')} ${t.moment(page.dueAt)}`}</span>}
        </div>
      </header>
      {said && (
        <p className="message" role="status" tabIndex={-1} data-focus="">
          {said}
        </p>
      )}
      <div className="columns">
        <div className="stack">
          <Facts {...props} />
          <Payments {...props} />
          <Story {...props} />
        </div>
        <div className="stack">
          <section className="card">
            <h2>{t('case.say')}</h2>
            <blockquote className="quote">
              <p>{sentence}</p>
            </blockquote>
          </section>
          {page.waiting && (
            <p className="message time">
              <a href={`/admin/approvals/${page.waiting.id}`}>{t('case.waiting', { yen: t.yen(page.waiting.yen) })}</a>
            </p>
          )}
          <Rule {...props} />
          {children}
          <Contact {...props} />
          {page.others.length > 0 && (
            <section className="card">
              <h2>{t('case.others')}</h2>
              <ul>
                {page.others.map((other) => (
                  <li key={other.id}>
                    <a href={`/admin/cases/${other.id}`}>{showClaimNumber(other.number)}</a>　{t(`case.state.${other.state}`)}
                  </li>
                ))}
              </ul>
            </section>
          )}
        </div>
      </div>
    </>
  );
}

function Rule({ t, page, mayWork }: Props) {
  if (['approved', 'refused', 'done'].includes(page.state)) return null;
  const proposable = page.proposal.kind === 'approve' && !page.waiting && mayWork && ['checking', 'asking_shop'].includes(page.state);
  return (
    <section className="card">
      <h2>{t('case.rule')}</h2>
      <p>
        <strong>{proposalText(t, page.proposal, page.state)}</strong>
      </p>
      <p className="hint">{t('case.rule.note')}</p>
      {proposable && (
        <p>
          <a className="button" href={`/admin/cases/${page.id}/decide`}>
            {t('case.act.decide')}
          </a>
        </p>
      )}
    </section>
  );
}

function Facts({ t, page, seesCoupons }: Props) {
  const { said, coupon } = page;
  return (
    <section className="card">
      <h2>{t(`case.kind.${page.kind}`)}</h2>
      <dl className="facts">
        <dt>{t('case.identity')}</dt>
        <dd>
          {page.identifiedAt
            ? t('case.identity.yes', { at: t.stamp(page.identifiedAt) })
            : t(page.callerWay === 'call_back' ? 'case.identity.call_back' : 'case.identity.no')}
        </dd>
        <dt>{t('case.shop')}</dt>
        <dd>{shopAnswerText(t, page.shopAnswer)}</dd>
        <dt>{t('case.owner')}</dt>
        <dd>{page.owner?.name ?? t('cases.noOwner')}</dd>
        <dt>{t('case.opened')}</dt>
        <dd>{t.moment(page.openedAt)}</dd>
        {page.outcome && (
          <>
            <dt>{t('case.outcome')}</dt>
            <dd>
              {t(`case.outcome.${page.outcome}`)}
              {page.grant && (
                <>
                  {'　'}
                  <a href={`/admin/people/${page.grant.id}`}>{page.grant.number}</a>　{t.yen(page.grant.yen)}
                </>
              )}
              {page.approvalId && (
                <>
                  {'　'}
                  <a href={`/admin/approvals/${page.approvalId}`}>{t('case.approval')}</a>
                </>
              )}
            </dd>
          </>
        )}
      </dl>
      <h3>{t('call.agrees')}</h3>
      <SaidAgainst
        t={t}
        said={{ number: said.number, valid: t.day(said.validOn), prefecture: said.prefecture, shop: said.shop }}
        coupon={coupon}
        agrees={coupon?.agrees ?? { number: false }}
      />
      {coupon && seesCoupons && (
        <p>
          <a href={`/admin/coupons/${coupon.id}`}>{t('case.coupon.open')}</a>
        </p>
      )}
    </section>
  );
}

function Payments({ t, token, page, mayWork, couponError }: Props) {
  const { coupon, chosen } = page;
  const fixed = !mayWork || ['approved', 'done'].includes(page.state) || page.waiting !== null;
  const total = coupon?.payments.filter(({ number }) => chosen.includes(number)).reduce((sum, { yen }) => sum + yen, 0n) ?? 0n;
  return (
    <section className="card">
      <h2>{t('case.payments')}</h2>
      {coupon && <p className="hint">{t('case.about', { yen: t.yen(total) })}</p>}
      {!coupon && !mayWork && <p>{t('case.noCoupon')}</p>}
      <form method="post" action={`/admin/cases/${page.id}?index`} className="form wide-form" autoComplete="off">
        <input type="hidden" name="token" value={token} />
        <input type="hidden" name="act" value="payments" />
        {coupon ? (
          <CasePayments t={t} payments={coupon.payments} chosen={chosen} fixed={fixed} />
        ) : (
          mayWork && (
            <CaseField
              id="coupon-number"
              label={t('call.number')}
              hint={t('case.noCoupon')}
              error={couponError === null ? undefined : t('case.no.coupon_unknown')}
              focus
            >
              {(aria) => <input {...aria} name="number" maxLength={60} defaultValue={couponError ?? ''} />}
            </CaseField>
          )
        )}
        {!fixed && (coupon === null || coupon.payments.some(({ entered, givenBack }) => entered && !givenBack)) && (
          <p>
            <button type="submit" className="button quiet">
              {t(coupon ? 'case.payments.save' : 'case.coupon.save')}
            </button>
          </p>
        )}
      </form>
    </section>
  );
}

function Story({ t, page }: Props) {
  return (
    <section className="card" aria-labelledby="story">
      <h2 id="story">{t('case.story')}</h2>
      <ol className="case-story">
        {[...page.lines].reverse().map((line) => (
          <li key={line.id}>
            <p>
              <strong>{lineText(t, line)}</strong>
              <span className="hint">
                {' '}
                <time dateTime={line.at.toISOString()} title={t.moment(line.at)}>
                  {t.stamp(line.at)}
                </time>
                {'　'}
                {line.who}
              </span>
            </p>
            {line.body && <p className="words">{line.body}</p>}
          </li>
        ))}
      </ol>
    </section>
  );
}

function lineText(t: ConsoleTexts, line: CaseLine): string {
  const { kind, state, reason } = line;
  if (kind === 'moved') {
    const why = caseReasonText(t, state, reason);
    return why ? `${t(`case.state.${state}`)}：${why}` : t(`case.state.${state}`);
  }
  if (kind === 'shop') return t('case.line.shop', { answer: shopAnswerText(t, reason) });
  if (kind === 'identified' && (reason === 'facts' || reason === 'call_back')) return t(`case.line.identified.${reason}`);
  return t(`case.line.${kind}`);
}

function Contact({ t, token, page, maySeeCaller, reasons, shown, unmaskError }: Props) {
  return (
    <section className="card">
      <h2>{t('case.who')}</h2>
      <dl className="facts">
        <dt>{t('call.name')}</dt>
        <dd>{shown?.caller.name ?? page.caller?.name ?? t('case.unreadable')}</dd>
        <dt>{t('call.phone')}</dt>
        <dd>{shown ? showPhone(shown.caller.phone) : page.caller?.phone}</dd>
        <dt>{t('case.mail')}</dt>
        <dd>{(shown ? shown.caller.mail : page.caller?.mail) ?? '―'}</dd>
        <dt>{t('case.heldPhone')}</dt>
        <dd>{(shown ? shown.heldPhone && showPhone(shown.heldPhone) : page.coupon?.held?.phone) ?? '―'}</dd>
      </dl>
      {maySeeCaller && !shown && (
        <form method="post" action={`/admin/cases/${page.id}?index`} className="form">
          <input type="hidden" name="token" value={token} />
          <input type="hidden" name="act" value="unmask" />
          <CaseField
            id="unmask-why"
            label={t('case.unmask.why')}
            hint={t('case.unmask.note')}
            error={unmaskError ? t('case.no.reason_missing') : undefined}
            focus
          >
            {(aria) => (
              <select {...aria} name="reason" defaultValue="">
                <option value="">{t('call.choose')}</option>
                {reasons.map((reason) => (
                  <option key={reason} value={reason}>
                    {t(`case.unmask.${reason}`)}
                  </option>
                ))}
              </select>
            )}
          </CaseField>
          <button type="submit" className="button quiet">
            {t('case.unmask')}
          </button>
        </form>
      )}
    </section>
  );
}
