import type { ReactNode } from 'react';
import type { ConsoleRouteId, Role } from '../../domain/access';
import type { ConsoleTexts } from '../../i18n/console/texts';
import styles from '../../styles/console.css?url';
import keys from './console.js?url&no-inline';
import { ConsoleMenu, type ConsoleMenuProps } from './menu';
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
  readonly badges: ConsoleMenuProps['badges'];
}

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
              <ConsoleMenu t={t} route={route} title={title} staff={staff} token={token} otherLanguage={otherLanguage} badges={badges} />
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
