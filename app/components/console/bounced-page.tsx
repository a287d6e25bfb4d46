import type { ConsoleTexts } from '../../i18n/console/texts';
import { reasonText } from './reason-text';

interface Row {
  readonly grantId: string;
  readonly number: string;
  readonly channel: 'mail' | 'sms';
  readonly addressMask: string;
  readonly reason: string;
  readonly since: Date;
}

/** Whose last message came back: whom to call. */
export function BouncedPage({ t, rows, more }: { t: ConsoleTexts; rows: readonly Row[]; more: boolean }) {
  return (
    <>
      <header className="stack">
        <h1>{t('bounced.title')}</h1>
        <p className="hint">{t('bounced.lead')}</p>
      </header>
      <section className="card">
        {rows.length === 0 ? (
          <p>{t('bounced.empty')}</p>
        ) : (
          <div className="table-scroll">
            <table>
              <thead>
                <tr>
                  <th scope="col">{t('list.number')}</th>
                  <th scope="col">{t('bounced.address')}</th>
                  <th scope="col">{t('list.reason')}</th>
                  <th scope="col">{t('list.since')}</th>
                </tr>
              </thead>
              <tbody>
                {rows.map((row) => (
                  <tr key={row.grantId}>
                    <td>
                      <a href={`/admin/people/${row.grantId}`} data-row="">
                        {row.number}
                      </a>
                    </td>
                    <td>
                      {t(`message.channel.${row.channel}`)} {row.addressMask}
                    </td>
                    <td>{reasonText(t, row.reason)}</td>
                    <td className="stamp">{t.stamp(row.since)}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
        {more && <p className="hint">{t('bounced.more', { count: rows.length })}</p>}
      </section>
    </>
  );
}
