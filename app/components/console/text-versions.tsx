import type { TextTemplate } from '../../domain/text-template';
import type { ConsoleTexts } from '../../i18n/console/texts';
import { TableScroll } from './table-scroll';
import type { TextPageProps } from './text-page';

/** A saved version. */
export interface VersionRow {
  readonly version: number;
  /** Null: back to the portal's own text. */
  readonly text: TextTemplate | null;
  readonly by: string;
  readonly madeAt: Date;
}

/** What was saved, by whom and when; each can be put into the editor again. */
export function TextVersions({ t, textKey, versions }: Pick<TextPageProps, 't' | 'textKey' | 'versions'>) {
  return (
    <section className="card stack">
      <h2>{t('texts.versions')}</h2>
      {versions.length === 0 ? <p>{t('texts.versions.none')}</p> : <Table t={t} textKey={textKey} versions={versions} />}
    </section>
  );
}

function Table({ t, textKey, versions }: { t: ConsoleTexts } & Pick<TextPageProps, 'textKey' | 'versions'>) {
  return (
    <TableScroll label={t('texts.versions')}>
      <table>
        <thead>
          <tr>
            <th scope="col">{t('texts.version')}</th>
            <th scope="col">{t('texts.version.at')}</th>
            <th scope="col">{t('texts.version.by')}</th>
            <td />
          </tr>
        </thead>
        <tbody>
          {versions.map(({ version, text, by, madeAt }) => (
            <tr key={version}>
              <th scope="row">{t('texts.own', { version })}</th>
              <td className="stamp">{t.stamp(madeAt)}</td>
              <td>{by}</td>
              <td>
                {text ? (
                  <a href={`?${new URLSearchParams({ campaign: textKey.campaignId, version: String(version) })}`}>
                    {t('texts.version.look')}
                  </a>
                ) : (
                  t('texts.version.standard')
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </TableScroll>
  );
}
