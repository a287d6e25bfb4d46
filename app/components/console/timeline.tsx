import type { TimelineFact, TimelineName } from '../../domain/timeline';
import type { Yen } from '../../domain/yen';
import type { ConsoleTextKey, ConsoleTexts } from '../../i18n/console/texts';
import { failureText } from './failure-text';
import { purposeText, reasonText } from './reason-text';
import { TableScroll } from './table-scroll';

export interface TimelineRow {
  readonly at: Date;
  readonly name: TimelineName;
  readonly actor: string;
  readonly staffName: string | null;
  readonly facts: Readonly<Record<string, TimelineFact>>;
  readonly note?: string;
  readonly residualYen: Yen;
}

/** The story of a person in order, newest first, in words that can be read aloud. */
export function Timeline({ t, rows }: { t: ConsoleTexts; rows: readonly TimelineRow[] }) {
  return (
    <section className="card" aria-labelledby="story">
      <h2 id="story">{t('timeline.title')}</h2>
      <TableScroll label={t('timeline.title')}>
        <table className="story">
          <thead>
            <tr>
              <th scope="col">{t('timeline.when')}</th>
              <th scope="col">{t('timeline.what')}</th>
              <th scope="col">{t('timeline.who')}</th>
              <th scope="col" className="number">
                {t('person.residual')}
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row, i) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: the page is rendered once
              <tr key={i}>
                <td className="stamp">
                  <time dateTime={row.at.toISOString()} title={t.moment(row.at)}>
                    {t.stamp(row.at)}
                  </time>
                </td>
                <td>
                  <What t={t} row={row} />
                </td>
                <td>{who(t, row)}</td>
                <td className="number">{t.yen(row.residualYen)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </TableScroll>
    </section>
  );
}

function What({ t, row }: { t: ConsoleTexts; row: TimelineRow }) {
  const values = Object.fromEntries(Object.entries(row.facts).map(([name, fact]) => [name, written(t, name, fact)]));
  const more = MORE[row.name]?.(row.facts);
  return (
    <>
      <p className={STRONG.includes(row.name) ? 'strong' : undefined}>{t(`timeline.${row.name}`, values)}</p>
      {more && <p className="hint">{t(more, values)}</p>}
      {row.note && <p className="hint">{t('timeline.note', { note: row.note })}</p>}
    </>
  );
}

/** What one looks for first. */
const STRONG: readonly TimelineName[] = [
  'declined',
  'unknown',
  'voided',
  'freeze',
  'message_failed',
  'message_unknown',
  'message_complained',
];

/** A second line, where there is more to say. */
const MORE: Partial<Record<TimelineName, (facts: TimelineRow['facts']) => ConsoleTextKey | null>> = {
  granted: ({ file }) => (file ? 'timeline.granted.more' : null),
  issued: ({ expiresOn, managementNo }) =>
    managementNo ? (expiresOn ? 'timeline.issued.more' : 'timeline.issued.noExpiry') : expiresOn ? 'timeline.issued.expiry' : null,
  unknown: () => 'timeline.unknown.more',
  message_queued: ({ state, reason }) =>
    reason === 'no_channel' ? 'timeline.message_queued.no_channel' : state === 'sending' ? 'timeline.message_queued.sending' : null,
  message_failed: ({ reason }) => (reason ? 'timeline.message_failed.more' : null),
  failed: ({ outcome }) => (outcome ? 'timeline.failed.more' : null),
  extended: ({ until }) => (until ? 'timeline.extended.more' : null),
  freeze: ({ until }) => (until ? 'timeline.freeze.more' : null),
};

function written(t: ConsoleTexts, name: string, fact: TimelineFact): string | number {
  if (fact === null) return '';
  if (typeof fact === 'bigint') return t.yen(fact);
  if (fact instanceof Date) return t.moment(fact);
  if (typeof fact === 'object') return t.own(fact);
  if (name === 'reason' || name === 'cause') return reasonText(t, String(fact));
  if (name === 'outcome') return failureText(t, String(fact));
  if (name === 'purpose') return purposeText(t, String(fact));
  if (name === 'last4' && fact === '') return t('timeline.noLast4');
  if (name === 'act' || name === 'client' || name === 'channel') return reasonText(t, `${name}.${fact}`);
  return name === 'expiresOn' && fact !== '' ? t.day(String(fact)) : fact;
}

function who(t: ConsoleTexts, { actor, staffName }: TimelineRow): string {
  if (staffName) return staffName;
  if (actor.startsWith('staff:')) return t('timeline.by.staff');
  if (actor === 'recipient') return t('timeline.by.recipient');
  if (actor === 'somebody') return t('timeline.by.somebody');
  if (actor === 'scanner') return t('timeline.by.scanner');
  return t(actor === 'import' ? 'timeline.by.import' : 'timeline.by.system');
}
