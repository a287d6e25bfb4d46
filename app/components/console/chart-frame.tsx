import type { ReactNode } from 'react';
import type { ConsoleTexts } from '../../i18n/console/texts';
import { TableScroll } from './table-scroll';

interface Props {
  readonly t: ConsoleTexts;
  readonly id: string;
  readonly title: string;
  /** The chart in a sentence, for who does not see it. */
  readonly words: string;
  readonly note?: string;
  readonly empty: boolean;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
  readonly children: ReactNode;
}

/** A chart with its words and, below, the same as a table. */
export function ChartFrame({ t, id, title, words, note, empty, columns, rows, children }: Props) {
  return (
    <section className="card" aria-labelledby={`${id}-title`}>
      <h2 id={`${id}-title`}>{title}</h2>
      {empty ? <p>{t('charts.empty')}</p> : children}
      <p className="hint">{words}</p>
      {note && <p className="hint">{note}</p>}
      {!empty && (
        <details>
          <summary>{t('charts.table')}</summary>
          <TableScroll label={title}>
            <table>
              <caption className="hint">{title}</caption>
              <thead>
                <tr>
                  {columns.map((column, i) => (
                    <th key={column} scope="col" className={i === 0 ? undefined : 'number'}>
                      {column}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {rows.map((row) => (
                  <tr key={row[0]}>
                    {row.map((cell, i) =>
                      i === 0 ? (
                        <th key={columns[i]} scope="row">
                          {cell}
                        </th>
                      ) : (
                        <td key={columns[i]} className="number">
                          {cell}
                        </td>
                      ),
                    )}
                  </tr>
                ))}
              </tbody>
            </table>
          </TableScroll>
        </details>
      )}
    </section>
  );
}

/** The drawing's own frame: a title and a description for who hears it. */
export function Drawing({
  id,
  title,
  words,
  width,
  height,
  children,
}: {
  id: string;
  title: string;
  words: string;
  width: number;
  height: number;
  children: ReactNode;
}) {
  return (
    <svg className="chart" viewBox={`0 0 ${width} ${height}`} role="img" aria-labelledby={`${id}-t ${id}-d`}>
      <title id={`${id}-t`}>{title}</title>
      <desc id={`${id}-d`}>{words}</desc>
      {children}
    </svg>
  );
}
