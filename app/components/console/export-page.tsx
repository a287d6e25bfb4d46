import type { ExportKind, ExportState } from '../../domain/exports';
import type { ConsoleTexts } from '../../i18n/console/texts';

export interface ExportFacts {
  readonly id: string;
  readonly campaignId: string;
  readonly kind: ExportKind;
  readonly state: ExportState | 'proposed' | 'refused';
  readonly rowsCounted: bigint;
  readonly rowsDone: bigint;
  readonly requestedAt: Date;
  readonly expiresAt: Date | null;
  readonly takenAt: Date | null;
}

/** Where a file stands, in a word. */
export function ExportStateChip({ t, state }: { t: ConsoleTexts; state: ExportFacts['state'] }) {
  return <span className="chip">{t(`exports.is.${state}`)}</span>;
}

/** One file: where it stands, and taking it. */
export function ExportPage({ t, token, file, mayDownload }: { t: ConsoleTexts; token: string; file: ExportFacts; mayDownload: boolean }) {
  const count = Number(file.rowsCounted);
  const values = {
    count: count.toLocaleString('en'),
    done: file.rowsDone.toLocaleString('en'),
    until: file.expiresAt ? t.moment(file.expiresAt) : '',
    at: file.takenAt ? t.moment(file.takenAt) : '',
  };
  const approved = file.state === 'proposed' || file.state === 'refused';
  return (
    <>
      <header className="stack">
        <p className="crumbs">
          <a href="/admin/exports">{t('exports.title')}</a>
        </p>
        <div className="title-line">
          <h1>{t(`exports.kind.${file.kind}`)}</h1>
          <ExportStateChip t={t} state={file.state} />
        </div>
      </header>
      <section className="card">
        <p role="status">{t(`exports.say.${file.state}`, values)}</p>
        {file.state === 'making' && (
          <progress aria-label={t('exports.progress')} max={Math.max(count, 1)} value={Math.min(Number(file.rowsDone), count)} />
        )}
        {approved && (
          <p>
            <a href={`/admin/approvals/${file.id}`}>{t('exports.approval')}</a>
          </p>
        )}
        {file.state === 'ready' && mayDownload && (
          <form method="post" action={`/admin/exports/${file.id}`} className="form">
            <input type="hidden" name="token" value={token} />
            <input type="hidden" name="act" value="download" />
            <p className="buttons">
              <button type="submit" className="button">
                {t('exports.download')}
              </button>
            </p>
          </form>
        )}
        <dl className="facts">
          <dt>{t('exports.campaign')}</dt>
          <dd>{file.campaignId}</dd>
          <dt>{t('exports.rows')}</dt>
          <dd>{values.count}</dd>
          <dt>{t('exports.at')}</dt>
          <dd>{t.moment(file.requestedAt)}</dd>
        </dl>
      </section>
    </>
  );
}
