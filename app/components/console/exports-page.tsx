import { NOTE_LONGEST } from '../../domain/acts';
import type { ExportKind } from '../../domain/exports';
import type { ConsoleTexts } from '../../i18n/console/texts';
import { type ExportFacts, ExportStateChip } from './export-page';
import { TableScroll } from './table-scroll';

export type ExportProblem = 'campaign' | 'kind' | 'note';

interface Props {
  readonly t: ConsoleTexts;
  readonly token: string;
  readonly mayExport: boolean;
  readonly campaigns: readonly { readonly id: string; readonly name: string; readonly rowsAlone: number }[];
  readonly kinds: readonly ExportKind[];
  readonly rows: readonly ExportFacts[];
  readonly next: string | null;
  readonly typed: { readonly campaign: string; readonly kind: string; readonly note: string };
  readonly problems: readonly ExportProblem[];
}

/** One's own files, and asking for another. */
export function ExportsPage(props: Props) {
  const { t, rows, next, mayExport } = props;
  return (
    <>
      <header className="stack">
        <h1>{t('exports.title')}</h1>
        <p className="hint">{t('exports.lead')}</p>
      </header>
      {mayExport && <NewExport {...props} />}
      <section className="card">
        <h2>{t('exports.mine')}</h2>
        {rows.length === 0 ? (
          <p>{t('exports.none')}</p>
        ) : (
          <TableScroll label={t('exports.mine')}>
            <table>
              <thead>
                <tr>
                  <th scope="col">{t('exports.kind')}</th>
                  <th scope="col">{t('exports.campaign')}</th>
                  <th scope="col" className="number">
                    {t('exports.rows')}
                  </th>
                  <th scope="col">{t('exports.at')}</th>
                  <th scope="col">{t('exports.until')}</th>
                  <th scope="col">{t('exports.state')}</th>
                </tr>
              </thead>
              <tbody>
                {rows.map((row) => (
                  <tr key={row.id}>
                    <td>
                      <a href={`/admin/exports/${row.id}`} data-row="">
                        {t(`exports.kind.${row.kind}`)}
                      </a>
                    </td>
                    <td>{row.campaignId}</td>
                    <td className="number">{row.rowsCounted.toLocaleString('en')}</td>
                    <td className="stamp">{t.stamp(row.requestedAt)}</td>
                    <td className="stamp">{row.state === 'ready' && row.expiresAt ? t.stamp(row.expiresAt) : '―'}</td>
                    <td>
                      <ExportStateChip t={t} state={row.state} />
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </TableScroll>
        )}
        {next && (
          <p>
            <a href={`/admin/exports?before=${next}`}>{t('exports.older')}</a>
          </p>
        )}
      </section>
    </>
  );
}

function NewExport({ t, token, campaigns, kinds, typed, problems }: Props) {
  const rows = [...new Set(campaigns.map((campaign) => campaign.rowsAlone))].map((n) => n.toLocaleString('en')).join('・');
  const error = (problem: ExportProblem) =>
    problems.includes(problem) && (
      <span className="field-error" id={`export-${problem}-error`} data-focus={problem === problems[0] ? '' : undefined} tabIndex={-1}>
        {t(`exports.wrong.${problem}`)}
      </span>
    );
  const described = (problem: ExportProblem) =>
    problems.includes(problem) ? { 'aria-describedby': `export-${problem}-error`, 'aria-invalid': true } : {};
  return (
    <section className="card">
      <h2>{t('exports.new')}</h2>
      <form method="post" action="/admin/exports" className="form">
        <input type="hidden" name="token" value={token} />
        <input type="hidden" name="act" value="export" />
        <p className="field">
          <label htmlFor="export-campaign">{t('exports.campaign')}</label>
          <select id="export-campaign" name="campaign" defaultValue={typed.campaign} required {...described('campaign')}>
            <option value="">{t('exports.choose')}</option>
            {campaigns.map((campaign) => (
              <option key={campaign.id} value={campaign.id}>
                {campaign.name}
              </option>
            ))}
          </select>
          {error('campaign')}
        </p>
        <p className="field">
          <label htmlFor="export-kind">{t('exports.kind')}</label>
          <select id="export-kind" name="kind" defaultValue={typed.kind} required {...described('kind')}>
            <option value="">{t('exports.choose')}</option>
            {kinds.map((kind) => (
              <option key={kind} value={kind}>
                {t(`exports.kind.${kind}`)}
              </option>
            ))}
          </select>
          {error('kind')}
        </p>
        <p className="field">
          <label htmlFor="export-note">{t('exports.note')}</label>
          <textarea
            id="export-note"
            name="note"
            rows={2}
            maxLength={NOTE_LONGEST}
            defaultValue={typed.note}
            required
            {...described('note')}
          />
          {error('note')}
        </p>
        <p className="hint">{t('exports.rule', { rows })}</p>
        <p className="buttons">
          <button type="submit" className="button">
            {t('exports.press')}
          </button>
        </p>
      </form>
    </section>
  );
}
