import type { Bilingual } from '../../domain/campaign';
import type { ClaimState } from '../../domain/claim';
import { showClaimNumber } from '../../domain/claim-number';
import type { MaskedContact } from '../../domain/contact';
import type { PersonState } from '../../domain/person-state';
import type { Yen } from '../../domain/yen';
import type { ConsoleTexts } from '../../i18n/console/texts';
import { StateChip } from './state-chip';

/** Why nothing was looked up. */
export type FindProblem = 'missing' | 'unreadable' | 'second_missing' | 'second_unreadable' | 'same_kind';

/** What came of a search. */
export interface Found {
  readonly people: readonly {
    readonly grantId: string;
    readonly number: string;
    readonly campaign: Bilingual;
    readonly contact: MaskedContact | null;
    readonly residualYen: Yen;
    readonly state: PersonState;
  }[];
  readonly next: string | null;
  readonly tooMany: boolean;
}

/** Who has claimed and has no grant yet. */
export interface Applicants {
  readonly claims: readonly {
    readonly claimId: string;
    readonly number: string;
    readonly campaign: Bilingual;
    readonly state: ClaimState;
    readonly name: string;
    readonly phone: string;
    readonly mail: string;
  }[];
  readonly tooMany: boolean;
}

interface Props {
  readonly t: ConsoleTexts;
  readonly token: string;
  /** Two facts are needed, and only one person is shown. */
  readonly strict: boolean;
  readonly typed: { readonly fact: string; readonly second: string };
  readonly problem: FindProblem | null;
  readonly found: Found | null;
  readonly applicants: Applicants | null;
  /** For who may see one person only: how many there were. */
  readonly outcome: 'none' | 'many' | null;
  /** How many people cannot be found by a part of a fact yet. */
  readonly unfiled: number;
}

/** Finding a person: one field for whatever they say, a second for another fact. */
export function FindPage({ t, token, strict, typed, problem, found, applicants, outcome, unfiled }: Props) {
  const onSecond = problem === 'second_missing' || problem === 'second_unreadable' || problem === 'same_kind';
  return (
    <>
      <h1>{t('nav.find')}</h1>
      <section className="card">
        <form method="post" action="/admin/find" className="form find-form" autoComplete="off">
          <input type="hidden" name="token" value={token} />
          <input type="hidden" name="act" value="find" />
          <div className="find-row">
            <Field t={t} name="fact" typed={typed.fact} problem={problem && !onSecond ? problem : null} />
            <Field t={t} name="second" typed={typed.second} problem={onSecond ? problem : null} optional={!strict} />
            <button type="submit" className="button">
              {t('find.press')}
            </button>
          </div>
          <p className="hint" id="find-hint">
            {t(strict ? 'find.hintStrict' : 'find.hint')}
          </p>
        </form>
      </section>
      {unfiled > 0 && <p className="message time">{t('find.unfiled', { count: unfiled })}</p>}
      {outcome && (
        <p className="message time" role="status" data-focus="" tabIndex={-1}>
          {t(outcome === 'none' ? 'find.nobody' : 'find.many')}
        </p>
      )}
      {found && found.people.length === 0 && !applicants?.claims.length && !outcome && (
        <p className="message time" role="status" data-focus="" tabIndex={-1}>
          {t(typed.second ? 'find.nobody' : 'find.nobodyOne')}
        </p>
      )}
      {(found?.tooMany || applicants?.tooMany) && (
        <p className="message time" role="status">
          {t('find.tooMany')}
        </p>
      )}
      {found && found.people.length > 0 && <Hits t={t} token={token} typed={typed} found={found} />}
      {applicants && applicants.claims.length > 0 && <Claims t={t} claims={applicants.claims} />}
      <p className="hint">{t('frame.keys')}</p>
    </>
  );
}

function Field({
  t,
  name,
  typed,
  problem,
  optional = false,
}: {
  t: ConsoleTexts;
  name: 'fact' | 'second';
  typed: string;
  problem: FindProblem | null;
  optional?: boolean;
}) {
  return (
    <div className="field">
      <label htmlFor={name}>
        {t(`find.${name}`)}
        {optional && <span className="hint"> {t('find.optional')}</span>}
      </label>
      <input
        id={name}
        name={name}
        defaultValue={typed}
        size={26}
        maxLength={254}
        autoCapitalize="none"
        spellCheck={false}
        {...(name === 'fact' ? { 'data-find': '' } : {})}
        aria-describedby={problem ? `${name}-error find-hint` : 'find-hint'}
        aria-invalid={problem ? true : undefined}
      />
      {problem && (
        <p className="field-error" id={`${name}-error`} data-focus="" tabIndex={-1}>
          {t(`find.problem.${problem}`)}
        </p>
      )}
    </div>
  );
}

function Hits({ t, token, typed, found }: { t: ConsoleTexts; token: string; typed: Props['typed']; found: Found }) {
  return (
    <section className="card">
      <div className="table-scroll">
        <table>
          <caption>{t(found.next || found.tooMany ? 'find.some' : 'find.all', { count: found.people.length })}</caption>
          <thead>
            <tr>
              <th scope="col">{t('find.number')}</th>
              <th scope="col">{t('person.name')}</th>
              <th scope="col">{t('person.phone')}</th>
              <th scope="col">{t('person.mail')}</th>
              <th scope="col">{t('find.campaign')}</th>
              <th scope="col" className="number">
                {t('person.residual')}
              </th>
              <th scope="col">{t('find.state')}</th>
            </tr>
          </thead>
          <tbody>
            {found.people.map(({ grantId, number, campaign, contact, residualYen, state }) => (
              <tr key={grantId}>
                <td className="whole">
                  <a href={`/admin/people/${grantId}`} data-row="">
                    {number}
                  </a>
                </td>
                <td>{contact?.name ?? '―'}</td>
                <td className="stamp">{contact?.phone ?? '―'}</td>
                <td>{contact?.mail ?? '―'}</td>
                <td>{t.own(campaign)}</td>
                <td className="number">{t.yen(residualYen)}</td>
                <td>
                  <StateChip t={t} state={state} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {found.next && (
        <form method="post" action="/admin/find">
          <input type="hidden" name="token" value={token} />
          <input type="hidden" name="act" value="find" />
          <input type="hidden" name="fact" value={typed.fact} />
          <input type="hidden" name="second" value={typed.second} />
          <input type="hidden" name="after" value={found.next} />
          <button type="submit" className="button quiet">
            {t('frame.next')}
          </button>
        </form>
      )}
    </section>
  );
}

function Claims({ t, claims }: { t: ConsoleTexts; claims: Applicants['claims'] }) {
  return (
    <section className="card">
      <div className="table-scroll">
        <table>
          <caption>{t('find.claims', { count: claims.length })}</caption>
          <thead>
            <tr>
              <th scope="col">{t('claims.number')}</th>
              <th scope="col">{t('person.name')}</th>
              <th scope="col">{t('person.phone')}</th>
              <th scope="col">{t('person.mail')}</th>
              <th scope="col">{t('find.campaign')}</th>
              <th scope="col">{t('find.state')}</th>
            </tr>
          </thead>
          <tbody>
            {claims.map(({ claimId, number, name, phone, mail, campaign, state }) => (
              <tr key={claimId}>
                <td className="whole">
                  <a href={`/admin/claims/${claimId}`} data-row="">
                    {showClaimNumber(number)}
                  </a>
                </td>
                <td className="whole">{name}</td>
                <td className="stamp">{phone}</td>
                <td>{mail}</td>
                <td>{t.own(campaign)}</td>
                <td>
                  <span className={state === 'refused' ? 'chip fail' : 'chip time'}>{t(`claims.state.${state}`)}</span>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
