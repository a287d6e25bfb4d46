import type { Yen } from '../../domain/yen';
import type { ConsoleTexts } from '../../i18n/console/texts';

export interface CasePaymentView {
  readonly number: string;
  readonly shop: string;
  readonly yen: Yen;
  readonly paidAt: Date;
  readonly outcome: 'paid' | 'timed_out' | 'unanswered';
  readonly entered: boolean;
  readonly givenBack: boolean;
  readonly suspicious: boolean;
}

/** A coupon's payments with the suspicious ones marked; those that the case is about can be chosen. */
export function CasePayments({
  t,
  payments,
  chosen,
  fixed = false,
}: {
  t: ConsoleTexts;
  payments: readonly CasePaymentView[];
  chosen: readonly string[];
  /** Nothing can be chosen any more. */
  fixed?: boolean;
}) {
  if (payments.length === 0) return <p>{t('call.noPayments')}</p>;
  return (
    <ul className="payments">
      {payments.map((payment) => {
        const id = `payment-${payment.number}`;
        const possible = payment.entered && !payment.givenBack;
        return (
          <li key={payment.number} className={payment.suspicious ? 'suspicious' : undefined}>
            {fixed || !possible ? (
              <span className="mark">{chosen.includes(payment.number) ? '●' : ''}</span>
            ) : (
              <input type="checkbox" id={id} name="payment" value={payment.number} defaultChecked={chosen.includes(payment.number)} />
            )}
            <label htmlFor={fixed || !possible ? undefined : id}>
              <span className="stamp">{t.stamp(payment.paidAt)}</span>
              <span>{payment.shop}</span>
              <strong>{t.yen(payment.yen)}</strong>
              <span>{t(`call.outcome.${payment.outcome}`)}</span>
              <span className="hint">{payment.number}</span>
            </label>
            {payment.suspicious && !payment.givenBack && <span className="chip time">{t('call.suspicious')}</span>}
            {payment.givenBack && <span className="chip done">{t('call.givenBack')}</span>}
            {!payment.entered && <span className="chip">{t('call.nothing')}</span>}
          </li>
        );
      })}
    </ul>
  );
}
