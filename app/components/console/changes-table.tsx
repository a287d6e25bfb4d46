import type { ReactNode } from 'react';
import type { ConsoleTexts } from '../../i18n/console/texts';
import { TableScroll } from './table-scroll';

/** What changes, a row each: its name, what is now, and what will be. */
export function ChangesTable({
  t,
  rows,
}: {
  t: ConsoleTexts;
  rows: readonly (readonly [name: string, before: ReactNode, after: ReactNode])[];
}) {
  return (
    <TableScroll label={t('acts.will')}>
      <table className="changes">
        <thead>
          <tr>
            <th scope="col">{t('approval.item')}</th>
            <th scope="col">{t('approval.before')}</th>
            <th scope="col">{t('approval.after')}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(([name, before, after]) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td>{before}</td>
              <td>
                <strong>{after}</strong>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </TableScroll>
  );
}
