import type { MessageChannel, MessageReason } from '../../domain/message';
import type { Yen } from '../../domain/yen';
import type { ConsoleTexts } from '../../i18n/console/texts';
import { type CampaignChoice, CampaignPicker } from './campaign-picker';
import { reasonText } from './reason-text';
import { TableScroll } from './table-scroll';

interface Unreached {
  readonly grantId: string;
  readonly number: string;
  readonly why: 'failed' | 'unknown' | 'no_address';
  readonly reason: MessageReason | 'no_address' | 'unreadable' | null;
  readonly channel: MessageChannel | null;
  readonly addressMask: string | null;
  readonly since: Date;
  /** When a letter was printed for them. */
  readonly letterAt: Date | null;
}

interface Unopened {
  readonly grantId: string;
  readonly number: string;
  readonly residualYen: Yen;
  readonly deadlineAt: Date;
  readonly invitedAt: Date;
}

interface Props {
  readonly t: ConsoleTexts;
  readonly campaigns: readonly CampaignChoice[];
  readonly chosen: string;
  readonly most: number;
  readonly unreached?: { readonly rows: readonly Unreached[]; readonly more: boolean; readonly due: number };
  readonly unopened?: { readonly rows: readonly Unopened[]; readonly more: boolean; readonly min: string; readonly bad: boolean };
}

/** People of a programme to whom something is to be done by hand: a letter, or a call. */
export function WaveListPage({ t, campaigns, chosen, most, unreached, unopened }: Props) {
  const list = unreached ? 'unreached' : 'unopened';
  const more = unreached?.more || unopened?.more;
  return (
    <>
      <header className="stack">
        <p>
          <a href={`/admin/waves?${new URLSearchParams({ campaign: chosen })}`}>{t('nav.waves')}</a>
        </p>
        <h1>{t(`waves.${list}`)}</h1>
        <p className="hint">{unreached ? t('waves.list.unreached.lead', { due: unreached.due }) : t('waves.list.unopened.lead')}</p>
        <CampaignPicker
          t={t}
          action={`/admin/waves/${list}`}
          campaigns={campaigns}
          chosen={chosen}
          fields={
            unopened && (
              <p className="field">
                <label htmlFor="min">{t('waves.list.minYen')}</label>
                <input
                  id="min"
                  name="min"
                  inputMode="numeric"
                  defaultValue={unopened.min}
                  maxLength={12}
                  aria-invalid={unopened.bad || undefined}
                  aria-describedby={unopened.bad ? 'min-error' : undefined}
                />
                {unopened.bad && (
                  <span className="field-error" id="min-error">
                    {t('waves.list.badYen')}
                  </span>
                )}
              </p>
            )
          }
        />
      </header>
      <section className="card stack">
        {unreached && <UnreachedTable t={t} rows={unreached.rows} />}
        {unopened && <UnopenedTable t={t} rows={unopened.rows} />}
        {more && (
          <p>
            {t('waves.list.more', { count: most })} <code>{`npm run uketori -- send ${list} --campaign ${chosen}`}</code>
          </p>
        )}
        {unreached && unreached.due > 0 && (
          <p>
            {t('waves.list.letters')} <code>{`npm run uketori -- letters --campaign ${chosen} --out …`}</code>
          </p>
        )}
      </section>
    </>
  );
}

function UnreachedTable({ t, rows }: { t: ConsoleTexts; rows: readonly Unreached[] }) {
  if (rows.length === 0) return <p>{t('waves.list.none')}</p>;
  return (
    <div className="table-scroll">
      <table>
        <thead>
          <tr>
            <th scope="col">{t('list.number')}</th>
            <th scope="col">{t('waves.list.why')}</th>
            <th scope="col">{t('sent.to')}</th>
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
                {t(`waves.list.why.${row.why}`)}
                {row.letterAt && <span className="chip done">{t('waves.list.letter', { day: t.shortDay(row.letterAt) })}</span>}
                {row.reason && row.why !== 'no_address' && <span className="hint"> {reasonText(t, row.reason)}</span>}
              </td>
              <td>
                {row.channel ? t(`message.channel.${row.channel}`) : '―'} {row.addressMask ?? ''}
              </td>
              <td className="stamp">{t.stamp(row.since)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function UnopenedTable({ t, rows }: { t: ConsoleTexts; rows: readonly Unopened[] }) {
  if (rows.length === 0) return <p>{t('waves.list.none')}</p>;
  return (
    <TableScroll label={t('waves.unopened')}>
      <table>
        <thead>
          <tr>
            <th scope="col">{t('list.number')}</th>
            <th scope="col" className="number">
              {t('waves.list.yen')}
            </th>
            <th scope="col">{t('waves.list.invited')}</th>
            <th scope="col">{t('waves.list.until')}</th>
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
              <td className="number">{t.yen(row.residualYen)}</td>
              <td className="stamp">{t.stamp(row.invitedAt)}</td>
              <td>{t.day(new Date(row.deadlineAt.getTime() - 1_000))}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </TableScroll>
  );
}
