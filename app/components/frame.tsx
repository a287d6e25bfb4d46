import type { ReactNode } from 'react';
import type { Texts } from '../i18n/texts';
import css from '../styles/recipient.css?inline';
import comfort from './comfort.js?url';
import type { Office } from './help-box';
import { InlineStyle } from './inline-style';

export interface FrameProps {
  readonly t: Texts;
  readonly title: string;
  readonly nonce: string;
  /** Who runs the programme; unknown before a link was opened. */
  readonly office: Office | null;
  /** This page in the other language. */
  readonly otherLanguage: string;
  /** The moved clock's time; null in production. */
  readonly rehearsal: Date | null;
  /** Look again after so many seconds, where scripts do not run. */
  readonly refreshSeconds?: number;
  /** Styles that only this kind of page needs. */
  readonly css?: string;
}

/** The whole document around a page. Not hydrated: the one script only adds comfort. */
export function Frame({
  t,
  title,
  nonce,
  office,
  otherLanguage,
  rehearsal,
  refreshSeconds,
  css: own,
  children,
}: FrameProps & { children: ReactNode }) {
  const site = office ? t.own(office.office) : t('site.name');
  return (
    <html lang={t.language}>
      <head>
        <meta charSet="utf-8" />
        <title>{t('site.title', { page: title, site })}</title>
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex" />
        <meta name="format-detection" content="telephone=no" />
        <link rel="icon" href="data:," />
        <InlineStyle css={own ? css + own : css} nonce={nonce} />
        {refreshSeconds && (
          <noscript>
            <meta httpEquiv="refresh" content={String(refreshSeconds)} />
          </noscript>
        )}
        <script src={comfort} nonce={nonce} defer />
      </head>
      <body>
        <a className="skip" href="#main">
          {t('site.skip')}
        </a>
        <header>
          {rehearsal && <p className="rehearsal">{t('rehearsal.banner', { moment: t.moment(rehearsal) })}</p>}
          <div>
            <p>{site}</p>
            <a href={otherLanguage} hrefLang={t('language.otherCode')} lang={t('language.otherCode')}>
              {t('language.other')}
            </a>
          </div>
        </header>
        <main id="main" tabIndex={-1}>
          {children}
        </main>
        <footer>
          {office && <p>{t('site.runBy', { office: t.own(office.office) })}</p>}
          <p>{t('site.safety')}</p>
          <p>
            <a href="/check">{t('check.link')}</a>
          </p>
        </footer>
      </body>
    </html>
  );
}
