import type { Bilingual } from '../../domain/campaign';
import type { ConsoleTexts } from '../../i18n/console/texts';
import { CampaignPicker } from './campaign-picker';
import { TableScroll } from './table-scroll';

interface Row {
  readonly day: string;
  readonly at: Date;
  readonly late: boolean;
  readonly totals: Readonly<Record<'granted' | 'residual' | 'pending' | 'issued' | 'lapsed', string>>;
  readonly differences: number;
  readonly keyId: string | null;
  readonly hash: string;
}

interface Props {
  readonly t: ConsoleTexts;
  readonly token: string;
  readonly campaigns: readonly { readonly id: string; readonly name: Bilingual }[];
  readonly chosen: string | null;
  readonly rows: readonly Row[];
  readonly missing: readonly string[];
  readonly gaps: readonly string[];
  readonly newest: boolean;
  readonly next: string | null;
  /** `id:base64`, for the command; null when nothing is signed here. */
  readonly publicKey: string | null;
  readonly mayProve: boolean;
}

const YEN = ['granted', 'residual', 'pending', 'issued', 'lapsed'] as const;

/** The proof of each day of a programme, those that are missing, and how to check them elsewhere. */
export function ProofsPage(props: Props) {
  const { t, campaigns, chosen } = props;
  if (chosen === null) {
    return (
      <section className="card">
        <h1>{t('proofs.title')}</h1>
        <p>{t('proofs.noCampaign')}</p>
      </section>
    );
  }
  return (
    <>
      <header className="stack">
        <h1>{t('proofs.title')}</h1>
        <p className="hint">{t('proofs.lead')}</p>
        <CampaignPicker t={t} action="/admin/proofs" campaigns={campaigns} chosen={chosen} />
      </header>
      {props.newest && <Missing {...props} chosen={chosen} />}
      <Days {...props} chosen={chosen} />
      <Check {...props} chosen={chosen} />
    </>
  );
}

type Chosen = Props & { readonly chosen: string };

function Missing({ t, token, chosen, missing, mayProve }: Chosen) {
  const [day] = missing;
  if (day === undefined) return <p className="message">{t('proofs.upToDate')}</p>;
  return (
    <section className="message time stack">
      <p>{t('proofs.missing.say', { count: missing.length, day: t.day(day) })}</p>
      {mayProve && (
        <form method="post" action="/admin/proofs">
          <input type="hidden" name="token" value={token} />
          <input type="hidden" name="act" value="prove" />
          <input type="hidden" name="campaign" value={chosen} />
          <p className="buttons">
            <button type="submit" className="button">
              {t('proofs.prove')}
            </button>
          </p>
          <p className="hint">{t('proofs.lateNote')}</p>
        </form>
      )}
    </section>
  );
}

function Days({ t, chosen, rows, missing, gaps, newest, next }: Chosen) {
  const days = [...rows, ...missing, ...gaps].sort((a, b) => (dayOf(a) < dayOf(b) ? 1 : -1));
  return (
    <section className="card">
      {days.length === 0 ? (
        <p>{t('proofs.none')}</p>
      ) : (
        <TableScroll label={t('proofs.days')}>
          <table className="log">
            <caption>{t('proofs.days')}</caption>
            <thead>
              <tr>
                <th scope="col">{t('proofs.day')}</th>
                {YEN.map((name) => (
                  <th key={name} scope="col" className="number">
                    {t(`proofs.${name}`)}
                  </th>
                ))}
                <th scope="col">{t('proofs.differences')}</th>
                <th scope="col">{t('proofs.signed')}</th>
                <th scope="col">{t('proofs.hash')}</th>
                <th scope="col">{t('proofs.at')}</th>
              </tr>
            </thead>
            <tbody>{days.map((row) => (typeof row === 'string' ? missingRow(t, row, gaps.includes(row)) : proofRow(t, row)))}</tbody>
          </table>
        </TableScroll>
      )}
      <p className="buttons">
        {!newest && <a href={`/admin/proofs?campaign=${chosen}`}>{t('proofs.newest')}</a>}
        {next && <a href={`/admin/proofs?campaign=${chosen}&before=${next}`}>{t('proofs.older')}</a>}
      </p>
    </section>
  );
}

function dayOf(row: Row | string): string {
  return typeof row === 'string' ? row : row.day;
}

/** A gap between two proofs is not made up for: somebody removed one. */
function missingRow(t: ConsoleTexts, day: string, gap: boolean) {
  return (
    <tr key={day}>
      <th scope="row" className="stamp">
        {t.day(day)}
      </th>
      <td colSpan={9}>
        <span className={gap ? 'chip fail' : 'chip time'}>{t('proofs.missing')}</span> {gap && t('proofs.gap')}
      </td>
    </tr>
  );
}

function proofRow(t: ConsoleTexts, row: Row) {
  return (
    <tr key={row.day}>
      <th scope="row" className="stamp">
        {t.day(row.day)}
      </th>
      {YEN.map((name) => (
        <td key={name} className="number">
          {t.yen(BigInt(row.totals[name]))}
        </td>
      ))}
      <td>
        {row.differences === 0 ? (
          <span className="chip done">{t('proofs.exact')}</span>
        ) : (
          <span className="chip fail">{t('proofs.different', { count: row.differences })}</span>
        )}
      </td>
      <td>{row.keyId ?? <span className="chip time">{t('proofs.unsigned')}</span>}</td>
      <td>
        <code title={row.hash}>{row.hash.slice(0, 12)}</code>
      </td>
      <td className="stamp">
        <time dateTime={row.at.toISOString()} title={t.moment(row.at)}>
          {t.stamp(row.at)}
        </time>{' '}
        {row.late && <span className="chip time">{t('proofs.late')}</span>}
      </td>
    </tr>
  );
}

function Check({ t, chosen, rows, publicKey }: Chosen) {
  const since = rows.at(-1)?.day;
  if (since === undefined) return null;
  const key = publicKey === null ? '' : ` --public-key ${publicKey}`;
  return (
    <section className="card">
      <h2>{t('proofs.check')}</h2>
      <p>{t('proofs.check.say')}</p>
      <p className="buttons">
        <a className="button quiet" href={`/admin/proofs?campaign=${chosen}&format=jsonl`}>
          {t('proofs.download')}
        </a>
      </p>
      <p>
        <code>{`uketori proof --since ${since} --file proofs-${chosen}.jsonl${key}`}</code>
      </p>
    </section>
  );
}
