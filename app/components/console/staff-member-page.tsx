import type { ConsoleTexts } from '../../i18n/console/texts';
import { meansWords, type StaffRow, StaffState, scopeWords } from './staff-list-page';

/** What an administrator may do with an account. */
export type StaffAct = 'change' | 'invite_again' | 'disable' | 'enable' | 'end_sessions';

interface Props {
  readonly t: ConsoleTexts;
  readonly person: StaffRow & { readonly createdAt: Date; readonly invitedUntil: Date | null };
  /** Each act, with the reason where it is not possible. */
  readonly acts: readonly { readonly act: StaffAct; readonly off: string | null }[];
  readonly done: string | null;
}

/** One person of the staff: what they are, and what can be done with their account. */
export function StaffMemberPage({ t, person, acts, done }: Props) {
  return (
    <>
      <p className="crumbs">
        <a href="/admin/staff">{t('nav.staff')}</a>
      </p>
      <div className="title-line">
        <h1>{person.name}</h1>
        <StaffState t={t} state={person.state} />
      </div>
      {done && (
        <p className="message" role="status">
          {done}
        </p>
      )}
      <div className="columns">
        <section className="card">
          <h2>{t('staff.facts')}</h2>
          <dl className="facts">
            <dt>{t('signin.login')}</dt>
            <dd>{person.login}</dd>
            <dt>{t('staff.role')}</dt>
            <dd>{t(`role.${person.role}`)}</dd>
            <dt>{t('staff.campaigns')}</dt>
            <dd>{scopeWords(t, person.scope)}</dd>
            <dt>{t('staff.means')}</dt>
            <dd>{meansWords(t, person)}</dd>
            <dt>{t('staff.created')}</dt>
            <dd>{t.moment(person.createdAt)}</dd>
            <dt>{t('staff.lastSignIn')}</dt>
            <dd>{person.lastSignInAt ? t.moment(person.lastSignInAt) : '－'}</dd>
            <dt>{t('staff.running')}</dt>
            <dd>{t('frame.count', { count: person.runningSessions })}</dd>
            {person.invitedUntil && (
              <>
                <dt>{t('staff.invitedUntil')}</dt>
                <dd>{t.moment(person.invitedUntil)}</dd>
              </>
            )}
          </dl>
        </section>
        {acts.length > 0 && (
          <section className="card">
            <h2>{t('staff.acts')}</h2>
            <div className="acts">
              {acts.map(({ act, off }) =>
                off === null ? (
                  <a key={act} href={`/admin/staff/${person.id}?do=${act}`}>
                    <strong>{t(`staff.${act}.title`)}</strong>
                    <span>{t(`staff.${act}.short`)}</span>
                  </a>
                ) : (
                  <p key={act} className="off">
                    <strong>{t(`staff.${act}.title`)}</strong>
                    <span>{off}</span>
                  </p>
                ),
              )}
            </div>
          </section>
        )}
      </div>
    </>
  );
}
