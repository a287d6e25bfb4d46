import type { Bilingual } from '../../domain/campaign';
import type { RedemptionState } from '../../domain/redemption';
import type { Yen } from '../../domain/yen';
import type { ConsoleTexts } from '../../i18n/console/texts';
import { reasonText } from './reason-text';

type Age = '1h' | '1d' | '3d' | '7d';

export interface ListFilter {
  readonly campaign: string | null;
  readonly provider: string | null;
  readonly state: RedemptionState | null;
  readonly reason: string | null;
  readonly age: Age | null;
}

interface Row {
  readonly id: string;
  readonly grantId: string;
  readonly number: string;
  readonly provider: string;
  readonly yen: Yen;
  readonly state: RedemptionState;
  readonly since: Date;
  readonly reason: string | null;
}

interface Props {
  readonly t: ConsoleTexts;
  readonly filter: ListFilter;
  readonly fields: readonly (readonly [string, string])[];
  readonly campaigns: ReadonlyMap<string, Bilingual>;
  readonly providers: ReadonlyMap<string, Bilingual>;
  readonly states: readonly RedemptionState[];
  readonly reasons: readonly string[];
  readonly ages: readonly Age[];
  readonly rows: readonly Row[];
  /** The address of the next page. */
  readonly next: string | null;
  readonly seesPeople: boolean;
  readonly mayPropose: boolean;
}

const TONES: Readonly<Partial<Record<RedemptionState, string>>> = { failed: 'fail', in_doubt: 'time', issued: 'done' };

/** Redemptions by a filter that stands in the address; rows can be chosen for one proposal. */
export function RedemptionsPage(props: Props) {
  const { t, filter, fields, rows, next, mayPropose } = props;
  const bulk = mayPropose && filter.campaign !== null && filter.provider !== null && filter.state === 'failed' && rows.length > 0;
  return (
    <>
      <h1>{t('list.title')}</h1>
      <Filter {...props} />
      {mayPropose && !bulk && rows.length > 0 && <p className="hint">{t('list.howBulk')}</p>}
      <section className="card">
        {rows.length === 0 ? (
          <p>{t('list.empty')}</p>
        ) : (
          <form method="get" action="/admin/redemptions" className="wide-form">
            {fields.map(([name, value]) => (
              <input key={name} type="hidden" name={name} value={value} />
            ))}
            <Table {...props} bulk={bulk} />
            {bulk && (
              <p className="buttons">
                <button type="submit" className="button" name="propose" value="chosen">
                  {t('list.proposeChosen')}
                </button>
                <button type="submit" className="button quiet" name="propose" value="all">
                  {t('list.proposeAll')}
                </button>
              </p>
            )}
          </form>
        )}
        {next && (
          <p>
            <a href={next}>{t('list.older')}</a>
          </p>
        )}
      </section>
    </>
  );
}

function Filter({ t, filter, campaigns, providers, states, reasons, ages }: Props) {
  const own = (all: ReadonlyMap<string, Bilingual>) => [...all].map(([id, name]): [string, string] => [id, t.own(name)]);
  return (
    <form method="get" action="/admin/redemptions" className="card filters" aria-label={t('list.filter')}>
      <Select name="campaign" label={t('list.campaign')} any={t('list.any')} value={filter.campaign} options={own(campaigns)} />
      <Select name="provider" label={t('list.provider')} any={t('list.any')} value={filter.provider} options={own(providers)} />
      <Select
        name="state"
        label={t('list.state')}
        any={t('list.any')}
        value={filter.state}
        options={states.map((state) => [state, t(`state.${state}`)])}
      />
      <Select
        name="reason"
        label={t('list.reason')}
        any={t('list.any')}
        value={filter.reason}
        options={reasons.map((reason) => [reason, reasonText(t, reason)])}
      />
      <Select
        name="age"
        label={t('list.age')}
        any={t('list.any')}
        value={filter.age}
        options={ages.map((age) => [age, t(`list.age.${age}`)])}
      />
      <button type="submit" className="button quiet">
        {t('list.filter')}
      </button>
    </form>
  );
}

/** One field of a filter, with a choice for "no matter". */
export function Select(props: {
  readonly name: string;
  readonly label: string;
  readonly any: string;
  readonly value: string | null;
  readonly options: readonly (readonly [string, string])[];
}) {
  const { name, label, any, value, options } = props;
  return (
    <p className="field">
      <label htmlFor={name}>{label}</label>
      <select id={name} name={name} defaultValue={value ?? ''}>
        <option value="">{any}</option>
        {options.map(([each, text]) => (
          <option key={each} value={each}>
            {text}
          </option>
        ))}
      </select>
    </p>
  );
}

function Table({ t, rows, providers, seesPeople, bulk }: Props & { bulk: boolean }) {
  return (
    <div className="table-scroll">
      <table>
        <thead>
          <tr>
            {bulk && <th scope="col">{t('list.choose')}</th>}
            <th scope="col">{t('list.number')}</th>
            <th scope="col">{t('list.provider')}</th>
            <th scope="col">{t('list.state')}</th>
            <th scope="col">{t('list.reason')}</th>
            <th scope="col">{t('list.since')}</th>
            <th scope="col" className="number">
              {t('list.yen')}
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => {
            const label = providers.get(row.provider);
            return (
              <tr key={row.id}>
                {bulk && (
                  <td>
                    <input type="checkbox" name="r" value={row.id} aria-label={t('list.chooseOne', { number: row.number })} />
                  </td>
                )}
                <td>
                  {seesPeople ? (
                    <a href={`/admin/people/${row.grantId}`} data-row="">
                      {row.number}
                    </a>
                  ) : (
                    row.number
                  )}
                </td>
                <td>{label ? t.own(label) : row.provider}</td>
                <td>
                  <span className={`chip ${TONES[row.state] ?? ''}`}>{t(`state.${row.state}`)}</span>
                </td>
                <td>{row.reason && row.state !== 'issued' ? reasonText(t, row.reason) : '―'}</td>
                <td className="stamp">
                  <time dateTime={row.since.toISOString()} title={t.moment(row.since)}>
                    {t.stamp(row.since)}
                  </time>
                </td>
                <td className="number">{t.yen(row.yen)}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
