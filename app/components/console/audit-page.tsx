import type { Bilingual } from '../../domain/campaign';
import type { ConsoleTextKey, ConsoleTexts } from '../../i18n/console/texts';
import { actorText, auditActChoices, auditActText, detailWords, subjectText } from './audit-words';
import { Select } from './redemptions-page';
import { TableScroll } from './table-scroll';

interface Entry {
  readonly seq: bigint;
  readonly id: string;
  readonly at: Date;
  readonly campaignId: string | null;
  readonly actor: string;
  readonly act: string;
  readonly subjectKind: string;
  readonly subjectId: string;
  readonly detail: Readonly<Record<string, unknown>>;
  readonly staffName: string | null;
  readonly grantId: string | null;
  readonly grantNumber: string | null;
}

export interface AskedAudit {
  readonly who: string | null;
  readonly act: string | null;
  readonly campaign: string | null;
  readonly subject: string | null;
  readonly from: string | null;
  readonly until: string | null;
}

interface Props {
  readonly t: ConsoleTexts;
  readonly token: string;
  readonly chain: { readonly head: string; readonly anchor: { readonly seq: bigint; readonly at: Date; readonly keyId: string } | null };
  /** How many entries a check at the page reads. */
  readonly checks: number;
  readonly check: {
    readonly at: Date;
    readonly from: number;
    readonly to: number;
    readonly fault: string | null;
    readonly place: string | null;
  } | null;
  readonly asked: AskedAudit;
  readonly staff: readonly { readonly id: string; readonly name: string }[];
  readonly campaigns: readonly { readonly id: string; readonly name: Bilingual }[];
  readonly rows: readonly Entry[];
  readonly newest: string | null;
  readonly next: string | null;
  readonly seesPeople: boolean;
  readonly seesApprovals: boolean;
}

/** What everybody did, the newest first, under the state of the chain that keeps it. */
export function AuditPage(props: Props) {
  const { t, rows, newest, next } = props;
  return (
    <>
      <header className="stack">
        <h1>{t('audit.title')}</h1>
        <p className="hint">{t('audit.lead')}</p>
      </header>
      <Chain {...props} />
      <Filter {...props} />
      <section className="card">
        {rows.length === 0 ? <p>{t('audit.none')}</p> : <Entries {...props} />}
        <p className="buttons">
          {newest && <a href={newest}>{t('audit.newest')}</a>}
          {next && <a href={next}>{t('audit.older')}</a>}
        </p>
      </section>
    </>
  );
}

function Chain({ t, token, chain, check, checks }: Props) {
  const { anchor } = chain;
  return (
    <section className="card" aria-labelledby="chain">
      <h2 id="chain">{t('audit.chain')}</h2>
      {check && (
        <p role="status" className={check.fault ? 'message fail' : 'message'}>
          {check.fault
            ? t('audit.check.bad', {
                at: t.stamp(check.at),
                fault: t(`audit.fault.${check.fault}` as ConsoleTextKey),
                place: check.place ?? '',
              })
            : t('audit.check.whole', { at: t.stamp(check.at), from: String(check.from + 1), to: String(check.to) })}
        </p>
      )}
      <dl className="facts">
        <dt>{t('audit.head')}</dt>
        <dd>
          <code>{chain.head}</code>
        </dd>
        <dt>{t('audit.anchor')}</dt>
        <dd>
          {anchor ? t('audit.anchor.is', { at: t.moment(anchor.at), seq: String(anchor.seq), key: anchor.keyId }) : t('audit.anchor.none')}
        </dd>
      </dl>
      <form method="post" action="/admin/audit">
        <input type="hidden" name="token" value={token} />
        <input type="hidden" name="act" value="verify" />
        <p className="buttons">
          <button type="submit" className="button quiet">
            {t('audit.verify', { count: checks.toLocaleString('en') })}
          </button>
        </p>
      </form>
      <p className="hint">
        {t('audit.verify.all')} <code>uketori audit verify</code>
      </p>
    </section>
  );
}

function Filter({ t, asked, staff, campaigns }: Props) {
  const others = ['recipient', 'worker', 'sign-in'] as const;
  const people = [
    ...others.map((actor): [string, string] => [actor, t(`audit.actor.${actor}`)]),
    ...staff.map(({ id, name }): [string, string] => [`staff:${id}`, name]),
  ];
  const programmes = campaigns.map(({ id, name }): [string, string] => [id, t.own(name)]);
  return (
    <form method="get" action="/admin/audit" className="card filters" aria-label={t('audit.filter')}>
      <Select name="who" label={t('audit.who')} any={t('audit.any')} value={asked.who} options={people} />
      <Select name="act" label={t('audit.act')} any={t('audit.any')} value={asked.act} options={auditActChoices(t)} />
      <Select name="campaign" label={t('audit.campaign')} any={t('audit.any')} value={asked.campaign} options={programmes} />
      <p className="field">
        <label htmlFor="subject">{t('audit.subject')}</label>
        <input id="subject" name="subject" defaultValue={asked.subject ?? ''} autoComplete="off" maxLength={100} />
      </p>
      <p className="field">
        <label htmlFor="from">{t('audit.from')}</label>
        <input id="from" name="from" type="date" defaultValue={asked.from ?? ''} />
      </p>
      <p className="field">
        <label htmlFor="until">{t('audit.until')}</label>
        <input id="until" name="until" type="date" defaultValue={asked.until ?? ''} />
      </p>
      <p className="buttons">
        <button type="submit" className="button quiet">
          {t('audit.filter')}
        </button>
        {Object.values(asked).some((value) => value !== null) && <a href="/admin/audit">{t('audit.reset')}</a>}
      </p>
    </form>
  );
}

function Entries(props: Props) {
  const { t, rows, campaigns } = props;
  return (
    <TableScroll label={t('audit.title')}>
      <table className="log">
        <thead>
          <tr>
            <th scope="col" className="number">
              {t('audit.number')}
            </th>
            <th scope="col">{t('audit.at')}</th>
            <th scope="col">{t('audit.who')}</th>
            <th scope="col">{t('audit.act')}</th>
            <th scope="col">{t('audit.about')}</th>
            <th scope="col">{t('audit.detail')}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.id}>
              <td className="number">{String(row.seq)}</td>
              <td className="stamp">
                <time dateTime={row.at.toISOString()} title={t.moment(row.at)}>
                  {t.stamp(row.at)}
                </time>
              </td>
              <td>{actorText(t, row)}</td>
              <td>{auditActText(t, row.act) ?? row.act}</td>
              <td>
                <Subject {...props} row={row} />
                {campaigns.length > 1 && <Programme {...props} id={row.campaignId} />}
              </td>
              <td>
                <Detail {...props} row={row} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </TableScroll>
  );
}

function Programme({ t, campaigns, id }: Props & { id: string | null }) {
  const own = campaigns.find((each) => each.id === id);
  return own ? <span className="hint"> {t.own(own.name)}</span> : null;
}

function Subject({ t, row, seesPeople }: Props & { row: Entry }) {
  if (row.grantId && seesPeople) {
    return (
      <a href={`/admin/people/${row.grantId}`} data-row="">
        {t('audit.person', { number: row.grantNumber ?? '' })}
      </a>
    );
  }
  return (
    <>
      {subjectText(t, row.subjectKind)} <span className="hint">{row.subjectId}</span>
    </>
  );
}

function Detail({ t, row, seesPeople, seesApprovals }: Props & { row: Entry }) {
  const { approval, ...rest } = row.detail;
  const words = detailWords(t, rest, { act: row.act, seesPeople });
  return (
    <ul>
      {words.map(([name, text], index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the words of an entry never change
        <li key={index}>
          <span className="hint">{name}</span> {text}
        </li>
      ))}
      {typeof approval === 'string' && seesApprovals && (
        <li>
          <a href={`/admin/approvals/${approval}`}>{t('audit.detail.approval')}</a>
        </li>
      )}
    </ul>
  );
}
