import type { Role } from '../../domain/access';
import type { ConsoleTexts } from '../../i18n/console/texts';
import { TableScroll } from './table-scroll';

export interface AccountPageProps {
  readonly t: ConsoleTexts;
  readonly token: string;
  readonly staff: { readonly login: string; readonly name: string; readonly role: Role };
  readonly keys: {
    readonly hasPassword: boolean;
    readonly hasTotp: boolean;
    readonly passkeys: readonly {
      readonly slot: number;
      readonly label: string;
      readonly createdAt: Date;
      readonly lastUsedAt: Date | null;
    }[];
  };
  readonly sessions: readonly {
    readonly id: string;
    readonly client: string;
    readonly since: Date;
    readonly seenAt: Date;
    readonly own: boolean;
  }[];
  /** What has just been done, in words. */
  readonly done: string | null;
}

/** One's own account: what one signs in with, and where one is signed in. */
export function AccountPage({ t, token, staff, keys, sessions, done }: AccountPageProps) {
  return (
    <>
      <div>
        <h1>{t('account.title')}</h1>
        <p>
          {staff.name}（{staff.login}） <span className="chip">{t(`role.${staff.role}`)}</span>
        </p>
      </div>
      {done && (
        <p className="message" role="status">
          {done}
        </p>
      )}
      <section className="card">
        <h2>{t('account.passkeys')}</h2>
        <p className="hint">{t('account.passkeysWhat')}</p>
        {keys.passkeys.length === 0 ? (
          <p>{t('frame.none')}</p>
        ) : (
          <TableScroll label={t('account.passkeys')}>
            <table>
              <thead>
                <tr>
                  <th scope="col">{t('account.label')}</th>
                  <th scope="col">{t('account.made')}</th>
                  <th scope="col">{t('account.used')}</th>
                  <th scope="col">
                    <span className="visually-hidden">{t('account.act')}</span>
                  </th>
                </tr>
              </thead>
              <tbody>
                {keys.passkeys.map(({ slot, label, createdAt, lastUsedAt }) => (
                  <tr key={slot}>
                    <th scope="row">{label}</th>
                    <td className="stamp">{t.stamp(createdAt)}</td>
                    <td className="stamp">{lastUsedAt ? t.stamp(lastUsedAt) : '－'}</td>
                    <td className="number">
                      <a href={`/admin/account?change=remove_passkey&slot=${slot}`}>{t('account.remove')}</a>
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </TableScroll>
        )}
        {keys.passkeys.length < 2 && (
          <p>
            <a className="button quiet" href="/admin/account?change=add_passkey">
              {t('account.addPasskey')}
            </a>
          </p>
        )}
      </section>
      <section className="card">
        <h2>{t('account.password')}</h2>
        <dl className="facts">
          <dt>{t('signin.password')}</dt>
          <dd>
            {keys.hasPassword ? t('account.isSet') : t('account.notSet')}{' '}
            <a href="/admin/account?change=set_password">{t(keys.hasPassword ? 'account.change' : 'account.set')}</a>
          </dd>
          <dt>{t('account.totp')}</dt>
          <dd>
            {keys.hasTotp ? t('account.isSet') : t('account.notSet')}{' '}
            <a href="/admin/account?change=start_totp">{t(keys.hasTotp ? 'account.change' : 'account.set')}</a>
          </dd>
        </dl>
        <p className="hint">{t('account.passwordWhat')}</p>
      </section>
      <section className="card">
        <h2>{t('account.sessions')}</h2>
        <TableScroll label={t('account.sessions')}>
          <table>
            <thead>
              <tr>
                <th scope="col">{t('account.client')}</th>
                <th scope="col">{t('account.since')}</th>
                <th scope="col">{t('account.seen')}</th>
                <th scope="col">
                  <span className="visually-hidden">{t('account.act')}</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {sessions.map(({ id, client, since, seenAt, own }) => (
                <tr key={id}>
                  <th scope="row">
                    {client || t('account.clientUnknown')} {own && <span className="chip done">{t('account.here')}</span>}
                  </th>
                  <td className="stamp">{t.stamp(since)}</td>
                  <td className="stamp">{t.stamp(seenAt)}</td>
                  <td className="number">
                    <form method="post" action="/admin/account">
                      <input type="hidden" name="token" value={token} />
                      <input type="hidden" name="act" value="end_session" />
                      <input type="hidden" name="session" value={id} />
                      <button
                        type="submit"
                        className="button quiet"
                        aria-label={t('account.endOf', { client: client || t('account.clientUnknown') })}
                      >
                        {t('account.end')}
                      </button>
                    </form>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </TableScroll>
      </section>
    </>
  );
}
