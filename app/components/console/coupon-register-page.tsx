import { lastMoment } from '../../domain/deadline';
import type { Yen } from '../../domain/yen';
import type { ConsoleTextKey, ConsoleTexts } from '../../i18n/console/texts';
import { type CampaignChoice, CampaignPicker } from './campaign-picker';
import { type DeliveredDifferences, DeliveryDifferences } from './delivery-differences';

interface Differences {
  readonly count: number;
  readonly rows: readonly { readonly number: string; readonly expectedYen: Yen; readonly foundYen: Yen }[];
}

export interface CouponRegisterPageProps {
  readonly t: ConsoleTexts;
  readonly campaigns: readonly CampaignChoice[];
  readonly chosen: (CampaignChoice & { readonly terms: { readonly extendedUntil: Date } }) | null;
  readonly register: {
    readonly coupons: number;
    readonly faceYen: Yen;
    readonly spentYen: Yen;
    readonly remainingYen: Yen;
    readonly putBackYen: Yen;
    readonly takenYen: Yen;
    readonly grantedYen: Yen;
    readonly waitingYen: Yen;
    readonly casesYen: Yen;
    readonly unexplainedYen: Yen;
    readonly extendedUntil: Date | null;
    readonly listed: Differences;
    readonly late: Differences;
    readonly delivery: DeliveredDifferences | null;
  } | null;
  readonly mayExtend: boolean;
}

const SUMS = ['faceYen', 'spentYen', 'remainingYen', 'takenYen', 'unexplainedYen'] as const;
const TAKEN = ['grantedYen', 'waitingYen', 'casesYen'] as const;

/** Every yen of the register by account, and where it and the file differ. */
export function CouponRegisterPage({ t, campaigns, chosen, register, mayExtend }: CouponRegisterPageProps) {
  return (
    <>
      <header className="stack">
        <p className="crumbs">
          <a href="/admin/coupons">{t('coupons.title')}</a>
        </p>
        <h1>{t('register.title')}</h1>
        <CampaignPicker t={t} action="/admin/coupons/register" campaigns={campaigns} chosen={chosen?.id ?? null} />
      </header>
      {!register || !chosen ? (
        <p className="message">{t('register.none')}</p>
      ) : (
        <div className="columns">
          <div className="stack">
            <section className="card">
              <h2>{t('register.sums', { count: register.coupons.toLocaleString('en') })}</h2>
              <Sums t={t} of={register} rows={SUMS} />
              <p className={register.unexplainedYen === 0n ? 'message' : 'message fail'}>
                {t(register.unexplainedYen === 0n ? 'register.exact' : 'register.notExact')}
              </p>
              <h3>{t('register.taken')}</h3>
              <Sums t={t} of={register} rows={TAKEN} />
              <p className="hint">{t('register.putBackYen', { yen: t.yen(register.putBackYen) })}</p>
            </section>
            {register.delivery && <DeliveryDifferences t={t} of={register.delivery} />}
            <DifferenceList t={t} title={t('register.listed')} lead={t('register.listed.lead')} of={register.listed} columns="listed" />
            <DifferenceList t={t} title={t('register.late')} lead={t('register.late.lead')} of={register.late} columns="late" />
          </div>
          <div className="stack">
            <section className="card">
              <h2>{t('coupon.extendedAll')}</h2>
              <p>
                {register.extendedUntil
                  ? t('register.extended', { until: t.moment(lastMoment(register.extendedUntil)) })
                  : t('register.notExtended')}
              </p>
              {mayExtend && !register.extendedUntil && (
                <p className="buttons">
                  <a className="button" href={`/admin/coupons/extend?${new URLSearchParams({ campaign: chosen.id })}`}>
                    {t('register.extend', { until: t.moment(lastMoment(chosen.terms.extendedUntil)) })}
                  </a>
                </p>
              )}
            </section>
          </div>
        </div>
      )}
    </>
  );
}

function Sums<Row extends string>({ t, of, rows }: { t: ConsoleTexts; of: Readonly<Record<Row, Yen>>; rows: readonly Row[] }) {
  return (
    <dl className="facts">
      {rows.map((row) => (
        <div key={row}>
          <dt>{t(`register.${row}` as ConsoleTextKey)}</dt>
          <dd className="number">{t.yen(of[row])}</dd>
        </div>
      ))}
    </dl>
  );
}

function DifferenceList(props: {
  readonly t: ConsoleTexts;
  readonly title: string;
  readonly lead: string;
  readonly of: Differences;
  readonly columns: 'listed' | 'late';
}) {
  const { t, title, lead, of, columns } = props;
  const id = `differences-${columns}`;
  return (
    <section className="card">
      <h2 id={id}>{title}</h2>
      <p className="hint">{lead}</p>
      {of.count === 0 ? (
        <p>{t('register.noDifferences')}</p>
      ) : (
        <>
          <p>{t('register.count', { count: of.count.toLocaleString('en'), shown: of.rows.length.toLocaleString('en') })}</p>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a keyboard scrolls what is wider than the page */}
          <section className="table-scroll" tabIndex={0} aria-labelledby={id}>
            <table>
              <thead>
                <tr>
                  <th scope="col">{t(`register.${columns}.number`)}</th>
                  {columns === 'listed' && (
                    <th scope="col" className="number">
                      {t('register.inFile')}
                    </th>
                  )}
                  <th scope="col" className="number">
                    {t(columns === 'listed' ? 'register.byPayments' : 'coupon.amount')}
                  </th>
                </tr>
              </thead>
              <tbody>
                {of.rows.map((row) => (
                  <tr key={row.number}>
                    <td className="stamp">{row.number}</td>
                    {columns === 'listed' && <td className="number">{t.yen(row.expectedYen)}</td>}
                    <td className="number">{t.yen(row.foundYen)}</td>
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
