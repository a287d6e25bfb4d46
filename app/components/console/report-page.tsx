import type { Bilingual } from '../../domain/campaign';
import { daysLeft, lastMoment } from '../../domain/deadline';
import type { Yen } from '../../domain/yen';
import type { ConsoleTexts } from '../../i18n/console/texts';
import { CampaignPicker } from './campaign-picker';
import { TableScroll } from './table-scroll';

interface Line {
  readonly yen: Yen;
  readonly people: number;
}

export interface ReportFacts {
  readonly campaignId: string;
  readonly name: Bilingual;
  readonly office: Bilingual;
  readonly deadlineAt: Date;
  readonly open: boolean;
  readonly at: Date;
  readonly granted: Line;
  readonly received: Line;
  readonly byProvider: readonly (Line & { readonly provider: string; readonly label: Bilingual })[];
  readonly pending: Line;
  readonly inDoubt: Line;
  readonly residual: Line;
  readonly lapsed: Line;
  readonly corrections: readonly (Line & { readonly kind: 'returned' | 'voided' | 'corrected' | 'extended'; readonly entries: number })[];
  readonly coupons: {
    readonly takenYen: Yen;
    readonly grantedYen: Yen;
    readonly casesYen: Yen;
    readonly waitingYen: Yen;
    readonly claimsOver: boolean;
  } | null;
  readonly unexplainedYen: Yen;
}

interface Props {
  readonly t: ConsoleTexts;
  readonly campaigns: readonly { readonly id: string; readonly name: Bilingual }[];
  readonly report: ReportFacts | null;
}

/** The report as the office hands it in: one page to print. */
export function ReportPage({ t, campaigns, report }: Props) {
  if (!report) {
    return (
      <section className="card">
        <h1>{t('report.title')}</h1>
        <p>{t('report.none')}</p>
      </section>
    );
  }
  return (
    <>
      <header className="stack">
        <h1>{t('report.of', { name: t.own(report.name) })}</h1>
        <CampaignPicker t={t} action="/admin/report" campaigns={campaigns} chosen={report.campaignId} className="filters no-print">
          <a className="button quiet" href={`/admin/report?campaign=${report.campaignId}&format=csv`}>
            {t('report.csv')}
          </a>
          <button type="button" className="button" data-print hidden>
            {t('report.print')}
          </button>
        </CampaignPicker>
      </header>
      <section className="card">
        <dl className="facts">
          <dt>{t('report.office')}</dt>
          <dd>{t.own(report.office)}</dd>
          <dt>{t('report.until')}</dt>
          <dd>{t.moment(lastMoment(report.deadlineAt))}</dd>
          <dt>{t('report.at')}</dt>
          <dd>{t.moment(report.at)}</dd>
        </dl>
        <p className="hint">
          {report.open
            ? t('report.open', { count: daysLeft(report.at, report.deadlineAt) })
            : t('report.closed', { moment: t.moment(lastMoment(report.deadlineAt)) })}
        </p>
      </section>
      <Balance t={t} report={report} />
      {report.coupons && <Coupons t={t} coupons={report.coupons} />}
      <Corrections t={t} report={report} />
    </>
  );
}

function Balance({ t, report }: { t: ConsoleTexts; report: ReportFacts }) {
  const row = (name: string, line: Line, kind: 'sum' | 'plain' | 'part' = 'plain') => (
    <tr key={name} className={kind}>
      <th scope="row">{name}</th>
      <td className="number">{t.yen(line.yen)}</td>
      <td className="number">{shareOf(line.yen, report.granted.yen)}</td>
      <td className="number">{t('frame.people', { count: line.people })}</td>
    </tr>
  );
  return (
    <section className="card">
      <TableScroll label={t('report.balance')}>
        <table>
          <caption>{t('report.balance')}</caption>
          <Head t={t} columns={['yen', 'share', 'people']} />
          <tbody>
            {row(t('report.granted'), report.granted, 'sum')}
            {row(t('report.received'), report.received, 'sum')}
            {report.byProvider.map((line) => row(`　${t.own(line.label)}`, line, 'part'))}
            {row(t('report.pending'), report.pending, 'sum')}
            {row(`　${t('report.inDoubt')}`, report.inDoubt, 'part')}
            {row(t('report.residual'), report.residual, 'sum')}
            {row(t('report.lapsed'), report.lapsed, 'sum')}
          </tbody>
        </table>
      </TableScroll>
      <p className="hint">{t('report.balanceNote')}</p>
      <p className={report.unexplainedYen === 0n ? 'message' : 'message fail'}>
        {report.unexplainedYen === 0n ? t('report.exact') : t('report.notExact', { yen: t.yen(report.unexplainedYen) })}
      </p>
    </section>
  );
}

function Coupons({ t, coupons }: { t: ConsoleTexts; coupons: NonNullable<ReportFacts['coupons']> }) {
  return (
    <section className="card">
      <TableScroll label={t('report.coupons')}>
        <table>
          <caption>{t('report.coupons')}</caption>
          <Head t={t} columns={['yen', 'share']} />
          <tbody>
            {couponLines(t, coupons).map(([name, yen], i) => (
              <tr key={name} className={i === 0 ? 'sum' : 'plain'}>
                <th scope="row">{name}</th>
                <td className="number">{t.yen(yen)}</td>
                <td className="number">{shareOf(yen, coupons.takenYen)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </TableScroll>
    </section>
  );
}

/** What was taken from coupons and where it went; the parts make the whole. */
export function couponLines(t: ConsoleTexts, coupons: NonNullable<ReportFacts['coupons']>): (readonly [name: string, yen: Yen])[] {
  return [
    [t('report.coupons.taken'), coupons.takenYen],
    [t('report.coupons.granted'), coupons.grantedYen],
    [t('report.coupons.cases'), coupons.casesYen],
    [t(coupons.claimsOver ? 'report.coupons.unclaimed' : 'report.coupons.waiting'), coupons.waitingYen],
  ];
}

function Corrections({ t, report }: { t: ConsoleTexts; report: ReportFacts }) {
  if (report.corrections.length === 0) {
    return (
      <section className="card">
        <h2>{t('report.corrections')}</h2>
        <p>{t('report.noCorrections')}</p>
      </section>
    );
  }
  return (
    <section className="card">
      <TableScroll label={t('report.corrections')}>
        <table>
          <caption>{t('report.corrections')}</caption>
          <Head t={t} columns={['entries', 'yen', 'people']} />
          <tbody>
            {report.corrections.map((line) => (
              <tr key={line.kind}>
                <th scope="row">{t(`report.kind.${line.kind}`)}</th>
                <td className="number">{t('frame.count', { count: line.entries })}</td>
                <td className="number">{t.yen(line.yen)}</td>
                <td className="number">{t('frame.people', { count: line.people })}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </TableScroll>
    </section>
  );
}

function Head({ t, columns }: { t: ConsoleTexts; columns: readonly ('yen' | 'share' | 'people' | 'entries')[] }) {
  return (
    <thead>
      <tr>
        <th scope="col">{t('report.item')}</th>
        {columns.map((column) => (
          <th key={column} scope="col" className="number">
            {t(`report.${column}`)}
          </th>
        ))}
      </tr>
    </thead>
  );
}

/** To a tenth of a percent, from whole yen. */
export function shareOf(yen: Yen, whole: Yen): string {
  if (whole === 0n) return '―';
  const tenths = (yen * 2_000n + whole) / (whole * 2n);
  return `${tenths / 10n}.${tenths % 10n}%`;
}
