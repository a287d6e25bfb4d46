import type { ConsoleTexts } from '../../i18n/console/texts';
import { actName } from './approval-state';
import type { CouponFacts } from './coupon-page';
import { OfficeActForm, type OfficeActView } from './office-act-form';

interface Props {
  readonly t: ConsoleTexts;
  readonly token: string;
  readonly act: 'put_back' | 'extend_coupon';
  readonly coupon: CouponFacts;
  readonly shown: OfficeActView;
  /** Numbers of the payments that are to be put back. */
  readonly chosen: readonly string[];
}

/** One act on one coupon: for putting back first which payments, then what it comes to. */
export function CouponActPage({ t, token, act, coupon, shown, chosen }: Props) {
  const { sheet, live } = coupon;
  const path = `/admin/coupons/${sheet.id}`;
  return (
    <>
      <header>
        <p className="crumbs">
          {t.own(coupon.campaign)} ／ <a href="/admin/coupons">{t('coupons.title')}</a> ／ <a href={path}>{sheet.inquiryNumber}</a>
        </p>
        <div className="title-line">
          <h1>{actName(t, act)}</h1>
          <span>
            {sheet.inquiryNumber}　{sheet.issuer}
          </span>
        </div>
      </header>
      {live ? (
        <section className="card notice">
          <h2>{t('acts.not')}</h2>
          <p>{t('act.no.already_proposed')}</p>
          <p className="buttons">
            <a className="button" href={path}>
              {t('coupon.back')}
            </a>
            <a href={`/admin/approvals/${live.id}`}>{t('acts.seeProposal')}</a>
          </p>
        </section>
      ) : (
        <div className="columns">
          <div className="stack">
            {act === 'put_back' && !coupon.cutOff && <Choice t={t} coupon={coupon} chosen={chosen} />}
            {(act !== 'put_back' || chosen.length > 0 || coupon.cutOff) && (
              <OfficeActForm t={t} token={token} act={act} action={`${path}/${act}`} shown={shown}>
                {chosen.map((number) => (
                  <input key={number} type="hidden" name="payment" value={number} />
                ))}
              </OfficeActForm>
            )}
          </div>
        </div>
      )}
    </>
  );
}

function Choice({ t, coupon, chosen }: Pick<Props, 't' | 'coupon' | 'chosen'>) {
  const possible = coupon.payments.filter(({ booking, putBackAt }) => booking === 'entered' && putBackAt === null);
  if (possible.length === 0) {
    return (
      <section className="card notice">
        <p>{t('coupon.nothingToPutBack')}</p>
      </section>
    );
  }
  return (
    <section className="card">
      <form method="get" className="form">
        <fieldset className="form">
          <legend>
            <strong>{t('coupon.choose')}</strong>
          </legend>
          {possible.map((payment) => (
            <p className="choice" key={payment.number}>
              <input
                type="checkbox"
                id={`payment-${payment.number}`}
                name="payment"
                value={payment.number}
                defaultChecked={chosen.length > 0 ? chosen.includes(payment.number) : payment.suspicious}
              />
              <label htmlFor={`payment-${payment.number}`}>
                {t.stamp(payment.paidAt)}　{payment.shop}　{t.yen(payment.yen)}　{t(`coupon.outcome.${payment.outcome}`)}
                <span className="hint">　{payment.number}</span>
                {payment.suspicious && <span className="chip time">{t('candidates.tooMuch')}</span>}
              </label>
            </p>
          ))}
        </fieldset>
        <p className="buttons">
          <button type="submit" className={chosen.length > 0 ? 'button quiet' : 'button'}>
            {t('coupon.chosen')}
          </button>
        </p>
      </form>
    </section>
  );
}
