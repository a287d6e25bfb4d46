import type { Bilingual } from '../../domain/campaign';
import { lastMoment } from '../../domain/deadline';
import type { ConsoleTexts } from '../../i18n/console/texts';
import { TableScroll } from './table-scroll';

export interface StatementFacts {
  readonly id: string;
  readonly campaignId: string;
  readonly provider: string;
  readonly fileName: string;
  readonly fromAt: Date;
  readonly untilAt: Date;
  readonly rowCount: number;
  readonly totalYen: bigint;
  readonly matched: number;
  readonly findings: number;
  readonly open: number;
  readonly uploadedByName: string;
  readonly at: Date;
}

export interface ReconciliationForm {
  readonly offer: string;
  readonly from: string;
  readonly until: string;
  readonly reference: string;
  readonly yen: string;
  readonly at: string;
  readonly kind: string;
  readonly cancelled: string;
}

interface Props {
  readonly t: ConsoleTexts;
  readonly token: string;
  readonly mayLoad: boolean;
  readonly statements: readonly StatementFacts[];
  readonly offers: readonly { campaignId: string; campaignName: Bilingual; provider: string; label: Bilingual }[];
  readonly form: ReconciliationForm;
  readonly problem: { readonly sentence: string; readonly rows: readonly string[] } | null;
}

const MAPPED = ['reference', 'yen', 'at', 'kind', 'cancelled'] as const;

/** What was reconciled, and the form for the next statement. */
export function ReconciliationPage({ t, token, mayLoad, statements, offers, form, problem }: Props) {
  const labelOf = (campaignId: string, provider: string) => {
    const offer = offers.find((own) => own.campaignId === campaignId && own.provider === provider);
    return offer ? t.own(offer.label) : provider;
  };
  return (
    <>
      <header className="stack">
        <h1>{t('recon.title')}</h1>
        <p className="hint">{t('recon.lead')}</p>
      </header>
      {problem && (
        <div className="message fail" role="alert">
          <p>{problem.sentence}</p>
          {problem.rows.length > 0 && (
            <ul>
              {problem.rows.map((row) => (
                <li key={row}>{row}</li>
              ))}
            </ul>
          )}
        </div>
      )}
      <section className="card">
        <h2>{t('recon.statements')}</h2>
        {statements.length === 0 ? <p>{t('recon.none')}</p> : <Statements t={t} statements={statements} labelOf={labelOf} />}
      </section>
      {mayLoad && (
        <section className="card">
          <h2>{t('recon.upload')}</h2>
          <form method="post" action="/admin/reconciliation?index" encType="multipart/form-data" className="form">
            <input type="hidden" name="token" value={token} />
            <input type="hidden" name="act" value="upload" />
            <p className="field">
              <label htmlFor="offer">{t('recon.offer')}</label>
              <select id="offer" name="offer" defaultValue={form.offer}>
                {offers.map((offer) => (
                  <option key={`${offer.campaignId}.${offer.provider}`} value={`${offer.campaignId}.${offer.provider}`}>
                    {t.own(offer.campaignName)} ／ {t.own(offer.label)}
                  </option>
                ))}
              </select>
            </p>
            <p className="field">
              <label htmlFor="file">{t('recon.file')}</label>
              <input id="file" type="file" name="file" accept=".csv,text/csv" />
            </p>
            <div className="filters">
              {(['from', 'until'] as const).map((name) => (
                <p className="field" key={name}>
                  <label htmlFor={name}>{t(`recon.${name}`)}</label>
                  <input id={name} type="date" name={name} defaultValue={form[name]} />
                </p>
              ))}
            </div>
            <fieldset className="form">
              <legend className="hint">{t('recon.map')}</legend>
              <div className="filters">
                {MAPPED.map((name) => (
                  <p className="field" key={name}>
                    <label htmlFor={`map-${name}`}>{t(`recon.map.${name}`)}</label>
                    <input id={`map-${name}`} name={name} size={12} maxLength={100} defaultValue={form[name]} />
                  </p>
                ))}
              </div>
            </fieldset>
            <p>
              <button type="submit" className="button">
                {t('recon.do')}
              </button>
            </p>
          </form>
        </section>
      )}
    </>
  );
}

function Statements({
  t,
  statements,
  labelOf,
}: {
  t: ConsoleTexts;
  statements: readonly StatementFacts[];
  labelOf: (campaignId: string, provider: string) => string;
}) {
  return (
    <TableScroll label={t('recon.statements')}>
      <table>
        <thead>
          <tr>
            <th scope="col">{t('recon.statement')}</th>
            <th scope="col">{t('recon.period')}</th>
            <th scope="col" className="number">
              {t('recon.lines')}
            </th>
            <th scope="col" className="number">
              {t('recon.total')}
            </th>
            <th scope="col" className="number">
              {t('recon.matched')}
            </th>
            <th scope="col" className="number">
              {t('recon.differ')}
            </th>
            <th scope="col" className="number">
              {t('recon.open')}
            </th>
          </tr>
        </thead>
        <tbody>
          {statements.map((statement) => (
            <tr key={statement.id}>
              <th scope="row">
                <a href={`/admin/reconciliation/${statement.id}`} data-row="">
                  {labelOf(statement.campaignId, statement.provider)}
                </a>
                <br />
                <span className="hint">
                  {statement.fileName}、{statement.uploadedByName}、{t.stamp(statement.at)}
                </span>
              </th>
              <td>
                {t.day(statement.fromAt)}～{t.day(lastMoment(statement.untilAt))}
              </td>
              <td className="number">{statement.rowCount}</td>
              <td className="number">{t.yen(statement.totalYen)}</td>
              <td className="number">{statement.matched}</td>
              <td className="number">{statement.findings}</td>
              <td className="number">{statement.open > 0 ? <span className="chip fail">{statement.open}</span> : 0}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </TableScroll>
  );
}
