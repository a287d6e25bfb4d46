import type { Yen } from '../../domain/yen';
import type { ConsoleTexts } from '../../i18n/console/texts';
import { reasonText } from './reason-text';

export interface CouponPaymentRow {
  readonly number: string;
  readonly shop: string;
  readonly yen: Yen;
  readonly paidAt: Date;
  readonly outcome: 'paid' | 'timed_out' | 'unanswered';
  readonly booking: 'entered' | 'nothing' | 'late';
  readonly putBackAt: Date | null;
  readonly suspicious: boolean;
}

export interface CouponEntryRow {
  readonly kind: 'issued' | 'spent' | 'put_back' | 'taken' | 'granted';
  readonly yen: Yen;
  readonly payment: string | null;
  readonly reason: string | null;
  readonly evidence: string | null;
  readonly at: Date;
  readonly approvalId: string | null;
}

/** A coupon's payments, what came of each, and which were probably too much. */
export function CouponPayments({ t, payments }: { t: ConsoleTexts; payments: readonly CouponPaymentRow[] }) {
  return (
    <section className="card">
      <h2 id="payments">{t('coupon.payments')}</h2>
      {payments.length === 0 ? (
        <p>{t('coupon.noPayments')}</p>
      ) : (
        <Scroll label="payments">
          <thead>
            <tr>
              <th scope="col">{t('coupon.paidAt')}</th>
              <th scope="col">{t('coupon.shop')}</th>
              <th scope="col" className="number">
                {t('coupon.amount')}
              </th>
              <th scope="col">{t('coupon.result')}</th>
            </tr>
          </thead>
          <tbody>
            {payments.map((payment) => (
              <tr key={payment.number}>
                <td className="stamp">
                  {t.stamp(payment.paidAt)}
                  <span className="hint"> {payment.number}</span>
                </td>
                <td>{payment.shop}</td>
                <td className="number">{t.yen(payment.yen)}</td>
                <td>
                  {t(`coupon.outcome.${payment.outcome}`)}{' '}
                  {payment.booking === 'late' && <span className="chip fail">{t('coupon.late')}</span>}
                  {payment.putBackAt && <span className="chip done">{t('coupon.putBack')}</span>}
                  {payment.suspicious && !payment.putBackAt && <span className="chip time">{t('candidates.tooMuch')}</span>}
                </td>
              </tr>
            ))}
          </tbody>
        </Scroll>
      )}
    </section>
  );
}

/** What an entry does to what remains on the coupon; what is granted for a case was spent, and leaves it as it is. */
const SIGNS = { issued: 1n, put_back: 1n, spent: -1n, taken: -1n, granted: 0n } as const;
const SIGN_WORDS: Readonly<Record<number, string>> = { 1: '＋', [-1]: '－' };

/** A coupon's account, line by line. */
export function CouponEntries({ t, entries }: { t: ConsoleTexts; entries: readonly CouponEntryRow[] }) {
  let remaining = 0n;
  const lines = entries.map((entry) => {
    remaining += SIGNS[entry.kind] * entry.yen;
    return { ...entry, remaining };
  });
  return (
    <section className="card">
      <h2 id="entries">{t('coupon.entries')}</h2>
      <Scroll label="entries">
        <thead>
          <tr>
            <th scope="col">{t('coupon.enteredAt')}</th>
            <th scope="col">{t('coupon.what')}</th>
            <th scope="col" className="number">
              {t('coupon.amount')}
            </th>
            <th scope="col" className="number">
              {t('coupon.remaining')}
            </th>
          </tr>
        </thead>
        <tbody>
          {lines.map((line) => (
            <tr key={`${line.kind} ${line.payment}`}>
              <td className="stamp">{t.stamp(line.at)}</td>
              <td>
                {t(`coupon.entry.${line.kind}`)} {line.payment && <span className="hint">{line.payment}</span>}
                {line.reason && (
                  <span className="hint">
                    {' '}
                    {reasonText(t, line.reason)}：{line.evidence}
                  </span>
                )}
                {line.approvalId && (
                  <>
                    {' '}
                    <a href={`/admin/approvals/${line.approvalId}`}>{t('coupon.approval')}</a>
                  </>
                )}
              </td>
              <td className="number">
                {SIGN_WORDS[Number(SIGNS[line.kind])]}
                {t.yen(line.yen)}
              </td>
              <td className="number">{t.yen(line.remaining)}</td>
            </tr>
          ))}
        </tbody>
      </Scroll>
    </section>
  );
}

function Scroll({ label, children }: { label: string; children: React.ReactNode }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section className="table-scroll" tabIndex={0} aria-labelledby={label}>
      <table>{children}</table>
    </section>
  );
}
