import type { ReactNode } from 'react';
import type { ConsoleTexts } from '../i18n/console/texts';
import css from '../styles/outbox.css?inline';
import { InlineStyle } from './inline-style';
import { typeset } from './typeset';

export interface DemoFrame {
  readonly t: ConsoleTexts;
  readonly nonce: string;
  readonly title: string;
  readonly lead: string;
  readonly otherLanguage: string;
  readonly rehearsal: string | null;
}

/** A page that only a rehearsal has, as finished HTML. */
export function renderDemoPage({ t, nonce, title, lead, otherLanguage, rehearsal }: DemoFrame, content: ReactNode): string {
  return typeset(
    <html lang={t.language}>
      <head>
        <meta charSet="utf-8" />
        <title>{title}</title>
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex" />
        <meta name="format-detection" content="telephone=no" />
        <link rel="icon" href="data:," />
        <InlineStyle css={css} nonce={nonce} />
      </head>
      <body>
        <main className="page">
          {rehearsal && <p className="rehearsal">{rehearsal}</p>}
          <div className="top">
            <h1>{title}</h1>
            <a href={otherLanguage} hrefLang={t('frame.otherCode')} lang={t('frame.otherCode')}>
              {t('frame.other')}
            </a>
          </div>
          <p className="lead">{lead}</p>
          {content}
        </main>
      </body>
    </html>,
  );
}
