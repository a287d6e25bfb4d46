import type { ComparedField } from '../../domain/coupon-difference';
import type { ConsoleTextKey, ConsoleTexts } from '../../i18n/console/texts';

/** Where the last file of a register differed from what stood. */
export interface DeliveredDifferences {
  readonly at: Date;
  readonly fileName: string;
  readonly coupons: number;
  readonly fields: readonly { readonly field: ComparedField; readonly count: number; readonly renewed: number }[];
  readonly rows: readonly {
    readonly number: string;
    readonly field: ComparedField;
    readonly before: string | null;
    readonly after: string | null;
    readonly renewed: boolean;
  }[];
}

/** The differences field by field: what the register took over, and what a person has to settle. */
export function DeliveryDifferences({ t, of }: { readonly t: ConsoleTexts; readonly of: DeliveredDifferences }) {
  const count = of.fields.reduce((sum, each) => sum + each.count, 0);
  const number = (value: number) => value.toLocaleString('en');
  return (
    <section className="card">
      <h2 id="differences-delivery">{t('delivery.title')}</h2>
      <p className="hint">{t('delivery.lead', { at: t.stamp(of.at), file: of.fileName })}</p>
      {count === 0 ? (
        <p>{t('delivery.none')}</p>
      ) : (
        <>
          <p>{t('delivery.count', { coupons: number(of.coupons), count: number(count), shown: number(of.rows.length) })}</p>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a keyboard scrolls what is wider than the page */}
          <section className="table-scroll" tabIndex={0} aria-labelledby="differences-delivery">
            <table>
              <thead>
                <tr>
                  <th scope="col">{t('register.listed.number')}</th>
                  {(['field', 'before', 'after', 'outcome'] as const).map((column) => (
                    <th key={column} scope="col">
                      {t(`delivery.${column}`)}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {of.rows.map((row) => (
                  <tr key={`${row.number} ${row.field}`}>
                    <td className="stamp">{row.number}</td>
                    <td>{t(`delivery.field.${row.field}`)}</td>
                    <td>{shown(t, row.field, row.before)}</td>
                    <td>{shown(t, row.field, row.after)}</td>
                    <td>{t(row.renewed ? 'delivery.renewed' : 'delivery.kept')}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </section>
        </>
      )}
    </section>
  );
}

function shown(t: ConsoleTexts, field: ComparedField, value: string | null): string {
  if (value === null) return t('delivery.personal');
  if (value === '') return t('delivery.empty');
  if (field === 'face' || field === 'balance') return t.yen(BigInt(value));
  return field === 'app' ? t(`delivery.app.${value}` as ConsoleTextKey) : value;
}
