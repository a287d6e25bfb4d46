import { NOTE_LONGEST } from '../../domain/acts';
import type { ConsoleTextKey, ConsoleTexts } from '../../i18n/console/texts';
import type { StatementFacts } from './reconciliation-page';
import { TableScroll } from './table-scroll';

interface FindingFacts {
  readonly id: string;
  readonly kind: 'missing_there' | 'missing_here' | 'different_amount' | 'issued_twice' | 'cancelled_there';
  readonly reference: string;
  readonly oursYen: bigint | null;
  readonly theirsYen: bigint | null;
  readonly grantId: string | null;
  readonly number: string | null;
  readonly ownerName: string | null;
  readonly closedByName: string | null;
  readonly closedAt: Date | null;
  readonly closeReason: string | null;
  readonly closeNote: string | null;
}

interface Props {
  readonly t: ConsoleTexts;
  readonly token: string;
  readonly label: string;
  readonly statement: StatementFacts;
  readonly findings: readonly FindingFacts[];
  readonly reasons: readonly string[];
  readonly maySettle: boolean;
  readonly done: ConsoleTextKey | null;
  /** The finding whose form was not complete, with what was typed. */
  readonly wrong?: { readonly id: string; readonly reason: string; readonly note: string };
}

/** One statement: how much agrees, and every difference with its owner and its end. */
export function StatementPage({ t, token, label, statement, findings, reasons, maySettle, done, wrong }: Props) {
  return (
    <>
      <header>
        <p className="crumbs">
          <a href="/admin/reconciliation">{t('recon.title')}</a>
        </p>
        <div className="title-line">
          <h1>
            {label}　{statement.fileName}
          </h1>
          {statement.open > 0 && (
            <span className="chip fail">
              {t('recon.open')} {statement.open}
            </span>
          )}
        </div>
      </header>
      {done && (
        <p className="message" role="status">
          {t(done)}
        </p>
      )}
      <section className="card">
        <dl className="figures">
          {(
            [
              ['recon.lines', statement.rowCount],
              ['recon.matched', statement.matched],
              ['recon.differ', statement.findings],
              ['recon.total', t.yen(statement.totalYen)],
            ] as const
          ).map(([name, value]) => (
            <div key={name}>
              <dt>{t(name)}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      </section>
      <section className="card">
        <h2>{t('recon.findings')}</h2>
        {findings.length === 0 ? (
          <p className="message">{t('recon.noFindings')}</p>
        ) : (
          <TableScroll label={t('recon.findings')}>
            <table>
              <thead>
                <tr>
                  <th scope="col">{t('recon.kind')}</th>
                  <th scope="col">{t('recon.reference')}</th>
                  <th scope="col" className="number">
                    {t('recon.ours')}
                  </th>
                  <th scope="col" className="number">
                    {t('recon.theirs')}
                  </th>
                  <th scope="col">{t('recon.person')}</th>
                  <th scope="col">{t('recon.owner')}</th>
                  <th scope="col">{t('recon.end')}</th>
                </tr>
              </thead>
              <tbody>
                {findings.map((finding) => (
                  <tr key={finding.id}>
                    <th scope="row">{t(`recon.kind.${finding.kind}`)}</th>
                    <td>{finding.reference}</td>
                    <td className="number">{finding.oursYen === null ? '―' : t.yen(finding.oursYen)}</td>
                    <td className="number">{finding.theirsYen === null ? '―' : t.yen(finding.theirsYen)}</td>
                    <td>{finding.grantId ? <a href={`/admin/people/${finding.grantId}`}>{finding.number}</a> : '―'}</td>
                    <td>
                      {finding.ownerName ?? '―'}
                      {maySettle && !finding.closedAt && !finding.ownerName && <Take t={t} token={token} id={finding.id} />}
                    </td>
                    <td>
                      {finding.closedAt ? (
                        <>
                          {t(`recon.reason.${finding.closeReason}` as ConsoleTextKey)}：{finding.closeNote}
                          <br />
                          <span className="hint">
                            {finding.closedByName}、{t.stamp(finding.closedAt)}
                          </span>
                        </>
                      ) : (
                        maySettle && <Close t={t} token={token} id={finding.id} reasons={reasons} wrong={wrong} />
                      )}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </TableScroll>
        )}
      </section>
    </>
  );
}

function Take({ t, token, id }: { t: ConsoleTexts; token: string; id: string }) {
  return (
    <form method="post">
      <input type="hidden" name="token" value={token} />
      <input type="hidden" name="act" value="take" />
      <input type="hidden" name="finding" value={id} />
      <button type="submit" className="button quiet">
        {t('recon.take')}
      </button>
    </form>
  );
}

function Close({
  t,
  token,
  id,
  reasons,
  wrong,
}: {
  t: ConsoleTexts;
  token: string;
  id: string;
  reasons: readonly string[];
  wrong: Props['wrong'];
}) {
  const own = wrong?.id === id ? wrong : null;
  return (
    <details open={own !== null || undefined}>
      <summary>{t('recon.close')}</summary>
      <form method="post" className="form">
        <input type="hidden" name="token" value={token} />
        <input type="hidden" name="act" value="close" />
        <input type="hidden" name="finding" value={id} />
        {own && (
          <p className="field-error" id={`error-${id}`}>
            {t('recon.closeMissing')}
          </p>
        )}
        <p className="field">
          <label htmlFor={`reason-${id}`}>{t('recon.closeReason')}</label>
          <select id={`reason-${id}`} name="reason" defaultValue={own?.reason ?? ''} aria-describedby={own ? `error-${id}` : undefined}>
            <option value="">{t('recon.choose')}</option>
            {reasons.map((reason) => (
              <option key={reason} value={reason}>
                {t(`recon.reason.${reason}` as ConsoleTextKey)}
              </option>
            ))}
          </select>
        </p>
        <p className="field">
          <label htmlFor={`note-${id}`}>{t('recon.closeNote')}</label>
          <textarea id={`note-${id}`} name="note" maxLength={NOTE_LONGEST} rows={2} defaultValue={own?.note ?? ''} />
        </p>
        <p>
          <button type="submit" className="button">
            {t('recon.close')}
          </button>
        </p>
      </form>
    </details>
  );
}
