import type { Bilingual } from '../../domain/campaign';
import type { CaseKind, CaseState } from '../../domain/case';
import { CASE_STATES } from '../../domain/case';
import { showClaimNumber } from '../../domain/claim-number';
import type { ConsoleTexts } from '../../i18n/console/texts';
import { CASE_TONES, caseReasonText } from './case-words';

export interface QueueFilter {
  readonly campaign: string | null;
  readonly state: CaseState | 'open' | null;
  readonly owner: 'me' | 'nobody' | null;
  readonly overdue: boolean;
}

export interface QueueRow {
  readonly id: string;
  readonly number: string;
  readonly state: CaseState;
  readonly reason: string | null;
  readonly kind: CaseKind;
  readonly inquiryNumber: string;
  readonly shop: string;
  readonly caller: string | null;
  readonly ownerName: string | null;
  readonly dueAt: Date | null;
  readonly overdue: boolean;
}

interface Props {
  readonly t: ConsoleTexts;
  readonly token: string;
  readonly filter: QueueFilter;
  readonly campaigns: readonly { readonly id: string; readonly name: Bilingual }[];
  readonly rows: readonly QueueRow[];
  readonly counts: ReadonlyMap<CaseState, { readonly n: number; readonly overdue: number }>;
  readonly next: string | null;
  readonly mayTake: boolean;
  readonly addressOf: (state: CaseState) => string;
  /** What was looked for; null on the queue itself. */
  readonly found: { readonly typed: string; readonly missing: boolean } | null;
}

/** The queue of cases: what is due first stands first. */
export function CasesPage(props: Props) {
  const { t, rows, next, mayTake, found, campaigns } = props;
  return (
    <>
      <div className="title-line">
        <h1>{t('cases.title')}</h1>
        {mayTake && campaigns.length > 0 && (
          <a className="button" href="/admin/cases/new">
            {t('cases.new')}
          </a>
        )}
      </div>
      {campaigns.length === 0 && <p className="message">{t('cases.none')}</p>}
      <Finding {...props} />
      {!found && <Counts {...props} />}
      {!found && <Filter {...props} />}
      {found && !found.missing && (
        <p className="message" role="status" tabIndex={-1} data-focus="">
          {t('cases.found', { count: 50 })}　<a href="/admin/cases">{t('cases.all')}</a>
        </p>
      )}
      <section className="card">
        {rows.length === 0 ? <p>{t('cases.empty')}</p> : <Rows t={t} rows={rows} />}
        {next && (
          <p>
            <a href={next}>{t('cases.next')}</a>
          </p>
        )}
      </section>
    </>
  );
}

function Finding({ t, token, found }: Props) {
  return (
    <section className="card">
      <form method="post" action="/admin/cases?index" className="form find-form" autoComplete="off">
        <input type="hidden" name="token" value={token} />
        <input type="hidden" name="act" value="find_case" />
        <div className="find-row">
          <div className="field">
            <label htmlFor="find">{t('cases.find')}</label>
            <input
              id="find"
              name="find"
              maxLength={80}
              defaultValue={found?.typed ?? ''}
              data-find=""
              spellCheck={false}
              aria-describedby={found?.missing ? 'find-error find-hint' : 'find-hint'}
              aria-invalid={found?.missing ? true : undefined}
            />
            {found?.missing && (
              <p className="field-error" id="find-error" data-focus="" tabIndex={-1}>
                {t('cases.find.missing')}
              </p>
            )}
          </div>
          <button type="submit" className="button quiet">
            {t('cases.find.press')}
          </button>
        </div>
        <p className="hint" id="find-hint">
          {t('cases.find.hint')}
        </p>
      </form>
    </section>
  );
}

function Counts({ t, counts, addressOf, filter }: Props) {
  return (
    <nav aria-label={t('cases.counts')}>
      <ul className="tabs">
        {CASE_STATES.map((state) => {
          const count = counts.get(state);
          return (
            <li key={state}>
              <a href={addressOf(state)} aria-current={filter.state === state ? 'true' : undefined}>
                {t(`case.state.${state}`)} {count?.n ?? 0}
                {(count?.overdue ?? 0) > 0 && <span className="chip fail">{t('cases.lateOf', { count: count?.overdue ?? 0 })}</span>}
              </a>
            </li>
          );
        })}
      </ul>
    </nav>
  );
}

function Filter({ t, filter, campaigns }: Props) {
  return (
    <form method="get" action="/admin/cases" className="card filters" aria-label={t('cases.filters')}>
      {campaigns.length > 1 && (
        <p className="field">
          <label htmlFor="campaign">{t('cases.campaign')}</label>
          <select id="campaign" name="campaign" defaultValue={filter.campaign ?? ''}>
            <option value="">{t('cases.any')}</option>
            {campaigns.map(({ id, name }) => (
              <option key={id} value={id}>
                {t.own(name)}
              </option>
            ))}
          </select>
        </p>
      )}
      <p className="field">
        <label htmlFor="state">{t('cases.state')}</label>
        <select id="state" name="state" defaultValue={filter.state ?? 'any'}>
          <option value="open">{t('cases.state.open')}</option>
          <option value="any">{t('cases.state.any')}</option>
          {CASE_STATES.map((state) => (
            <option key={state} value={state}>
              {t(`case.state.${state}`)}
            </option>
          ))}
        </select>
      </p>
      <p className="field">
        <label htmlFor="owner">{t('cases.owner')}</label>
        <select id="owner" name="owner" defaultValue={filter.owner ?? ''}>
          <option value="">{t('cases.owner.any')}</option>
          <option value="me">{t('cases.owner.me')}</option>
          <option value="nobody">{t('cases.owner.nobody')}</option>
        </select>
      </p>
      <p className="choice">
        <input type="checkbox" id="overdue" name="overdue" value="1" defaultChecked={filter.overdue} />
        <label htmlFor="overdue">{t('cases.overdue')}</label>
      </p>
      <button type="submit" className="button quiet">
        {t('cases.filter')}
      </button>
    </form>
  );
}

function Rows({ t, rows }: Pick<Props, 't' | 'rows'>) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a keyboard scrolls what is wider than the page
    <section className="table-scroll" tabIndex={0} aria-label={t('cases.title')}>
      <table>
        <thead>
          <tr>
            <th scope="col">{t('cases.number')}</th>
            <th scope="col">{t('cases.state')}</th>
            <th scope="col">{t('cases.due')}</th>
            <th scope="col">{t('cases.happened')}</th>
            <th scope="col">{t('cases.caller')}</th>
            <th scope="col">{t('cases.inquiry')}</th>
            <th scope="col">{t('cases.shop')}</th>
            <th scope="col">{t('cases.owner')}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.id}>
              <td className="stamp">
                <a href={`/admin/cases/${row.id}`} data-row="">
                  {showClaimNumber(row.number)}
                </a>
              </td>
              <td>
                <span className={`chip ${CASE_TONES[row.state] ?? ''}`}>{t(`case.state.${row.state}`)}</span>
                {row.reason && <span className="hint"> {caseReasonText(t, row.state, row.reason)}</span>}
              </td>
              <td className="stamp">
                {row.dueAt ? (
                  <time dateTime={row.dueAt.toISOString()} title={t.moment(row.dueAt)}>
                    {t.stamp(row.dueAt).slice(0, -3)}
                  </time>
                ) : (
                  t('cases.noDue')
                )}
                {row.overdue && <span className="chip fail">{t('cases.late')}</span>}
              </td>
              <td>{t(`case.short.${row.kind}`)}</td>
              <td>{row.caller ?? t('case.unreadable')}</td>
              <td className="stamp">{row.inquiryNumber}</td>
              <td>{row.shop}</td>
              <td>{row.ownerName ?? t('cases.noOwner')}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
