import type { ReactNode } from 'react';
import { CONSOLE_ROUTES, type ConsoleRouteId, isPermitted, type Role } from '../../domain/access';
import type { ConsoleTextKey, ConsoleTexts } from '../../i18n/console/texts';
import styles from '../../styles/console.css?url';
import keys from './console.js?url&no-inline';
import passkeys from './passkeys.js?url&no-inline';

export interface ConsoleFrameProps {
  readonly t: ConsoleTexts;
  readonly title: string;
  readonly nonce: string;
  readonly otherLanguage: string;
  readonly rehearsal: Date | null;
  readonly refreshSeconds?: number;
  readonly route: ConsoleRouteId;
  /** Null before anybody is signed in. */
  readonly staff: { readonly name: string; readonly role: Role } | null;
  readonly token: string | null;
  /** Numbers beside menu entries. */
  readonly badges: Readonly<Partial<Record<'approvals' | 'needs', number>>>;
}

/** The menu in its order: the page, its words, and which number stands beside it. */
const MENU: readonly { route: ConsoleRouteId; text: ConsoleTextKey; badge?: 'approvals' | 'needs'; urgent?: boolean }[] = [
  { route: 'admin.find', text: 'nav.find' },
  { route: 'admin.cases._index', text: 'nav.cases' },
  { route: 'admin._index', text: 'nav.home', badge: 'needs', urgent: true },
  { route: 'admin.approvals._index', text: 'nav.approvals', badge: 'approvals' },
  { route: 'admin.redemptions', text: 'nav.redemptions' },
  { route: 'admin.claims._index', text: 'nav.claims' },
  { route: 'admin.coupons._index', text: 'nav.coupons' },
  { route: 'admin.waves', text: 'nav.waves' },
  { route: 'admin.texts._index', text: 'nav.texts' },
  { route: 'admin.campaigns', text: 'nav.campaigns' },
  { route: 'admin.charts', text: 'nav.charts' },
  { route: 'admin.providers._index', text: 'nav.providers' },
  { route: 'admin.reconciliation._index', text: 'nav.reconciliation' },
  { route: 'admin.proofs', text: 'nav.proofs' },
  { route: 'admin.report', text: 'nav.report' },
  { route: 'admin.audit', text: 'nav.audit' },
  { route: 'admin.exports._index', text: 'nav.exports' },
  { route: 'admin.staff._index', text: 'nav.staff' },
];

/** The whole document around a page of the console. Not hydrated: two small scripts add keys and passkeys. */
export function ConsoleFrame({
  t,
  title,
  nonce,
  otherLanguage,
  rehearsal,
  refreshSeconds,
  route,
  staff,
  token,
  badges,
  children,
}: ConsoleFrameProps & { children: ReactNode }) {
  return (
    <html lang={t.language}>
      <head>
        <meta charSet="utf-8" />
        <title>{t('frame.title', { page: title })}</title>
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex" />
        <meta name="format-detection" content="telephone=no" />
        <link rel="icon" href="data:," />
        <link rel="stylesheet" href={styles} nonce={nonce} />
        {refreshSeconds && <meta httpEquiv="refresh" content={String(refreshSeconds)} />}
        <script src={keys} nonce={nonce} defer />
        {/* Its names are its own: it is a module. */}
        <script type="module" src={passkeys} nonce={nonce} />
      </head>
      <body className={staff ? 'with-menu' : 'alone'}>
        <a className="skip" href="#main">
          {t('frame.skip')}
        </a>
        {rehearsal && (
          <aside className="rehearsal">
            <p>{t('frame.rehearsal', { moment: t.moment(rehearsal) })}</p>
          </aside>
        )}
        <div className="house">
          {staff && (
            <header className="side">
              <p className="brand">
                <a href="/admin">uketori</a>
              </p>
              <Menu t={t} role={staff.role} route={route} badges={badges} />
              <div className="me">
                <p>
                  {staff.name}
                  <span>{t(`role.${staff.role}`)}</span>
                </p>
                <a href="/admin/account" aria-current={route === 'admin.account' ? 'page' : undefined}>
                  {t('frame.account')}
                </a>
                <a href={otherLanguage} lang={t('frame.otherCode')} hrefLang={t('frame.otherCode')}>
                  {t('frame.other')}
                </a>
                <form method="post" action="/admin/sign-out">
                  <input type="hidden" name="token" value={token ?? ''} />
                  <input type="hidden" name="act" value="sign_out" />
                  <button type="submit">{t('frame.signOut')}</button>
                </form>
              </div>
            </header>
          )}
          <main id="main" tabIndex={-1}>
            {!staff && (
              <p className="language">
                <a href={otherLanguage} lang={t('frame.otherCode')} hrefLang={t('frame.otherCode')}>
                  {t('frame.other')}
                </a>
              </p>
            )}
            {children}
          </main>
        </div>
      </body>
    </html>
  );
}

function Menu({ t, role, route, badges }: Pick<ConsoleFrameProps, 't' | 'route' | 'badges'> & { role: Role }) {
  const own = MENU.filter((entry) => {
    const { read } = CONSOLE_ROUTES[entry.route];
    return read === null || isPermitted(role, read);
  });
  return (
    <nav aria-label={t('frame.menu')}>
      <ul>
        {own.map(({ route: to, text, badge, urgent }) => (
          <li key={to}>
            <a href={CONSOLE_ROUTES[to].path} aria-current={isWithin(route, to) ? 'page' : undefined}>
              {t(text)}
              {badge && (badges[badge] ?? 0) > 0 && (
                <span className={urgent ? 'badge urgent' : 'badge'}>{(badges[badge] ?? 0) >= 100 ? '99+' : badges[badge]}</span>
              )}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}

/** A page below an entry marks the entry; a person's page belongs to finding. */
function isWithin(route: ConsoleRouteId, entry: ConsoleRouteId): boolean {
  const stem = (id: string) => id.split('.')[1];
  return stem(route) === stem(entry) || (entry === 'admin.find' && stem(route) === 'people');
}
