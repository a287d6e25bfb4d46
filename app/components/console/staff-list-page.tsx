import type { Role } from '../../domain/access';
import type { ConsoleTexts } from '../../i18n/console/texts';

/** Somebody in the list. */
export interface StaffRow {
  readonly id: string;
  readonly login: string;
  readonly name: string;
  readonly role: Role;
  readonly scope: 'all' | readonly string[];
  readonly state: 'active' | 'invited' | 'disabled';
  readonly hasPassword: boolean;
  readonly passkeys: number;
  readonly lastSignInAt: Date | null;
  readonly runningSessions: number;
}

/** Everybody who works here. */
export function StaffListPage({ t, staff, mayInvite }: { t: ConsoleTexts; staff: readonly StaffRow[]; mayInvite: boolean }) {
  return (
    <>
      <div className="title-line">
        <h1>{t('nav.staff')}</h1>
        <span className="hint">{t('frame.people', { count: staff.length })}</span>
        {mayInvite && (
          <a className="button" href="/admin/staff?invite=1">
            {t('staff.invite')}
          </a>
        )}
      </div>
      <section className="card">
        <div className="table-scroll">
          <table>
            <thead>
              <tr>
                <th scope="col">{t('staff.name')}</th>
                <th scope="col">{t('staff.role')}</th>
                <th scope="col">{t('staff.campaigns')}</th>
                <th scope="col">{t('staff.state')}</th>
                <th scope="col">{t('staff.means')}</th>
                <th scope="col">{t('staff.lastSignIn')}</th>
              </tr>
            </thead>
            <tbody>
              {staff.map((line) => (
                <tr key={line.id}>
                  <th scope="row">
                    <a href={`/admin/staff/${line.id}`} data-row="">
                      {line.name}
                    </a>
                    <br />
                    <span className="hint">{line.login}</span>
                  </th>
                  <td className="whole">{t(`role.${line.role}`)}</td>
                  <td>{scopeWords(t, line.scope)}</td>
                  <td>
                    <StaffState t={t} state={line.state} />
                  </td>
                  <td>{meansWords(t, line)}</td>
                  <td className="stamp">{line.lastSignInAt ? t.stamp(line.lastSignInAt) : '－'}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </section>
    </>
  );
}

/** Whether somebody can sign in. */
export function StaffState({ t, state }: { t: ConsoleTexts; state: StaffRow['state'] }) {
  const kind = { active: 'done', invited: 'time', disabled: 'fail' }[state];
  return <span className={`chip ${kind}`}>{t(`staff.state.${state}`)}</span>;
}

/** All campaigns, or their ids. */
export function scopeWords(t: ConsoleTexts, scope: StaffRow['scope']): string {
  return scope === 'all' ? t('staff.allCampaigns') : scope.join(' ');
}

/** What somebody signs in with. */
export function meansWords(t: ConsoleTexts, { hasPassword, passkeys }: Pick<StaffRow, 'hasPassword' | 'passkeys'>): string {
  const means = [...(passkeys > 0 ? [t('staff.passkeys', { count: passkeys })] : []), ...(hasPassword ? [t('staff.passwordAndTotp')] : [])];
  return means.join('、') || t('frame.none');
}
