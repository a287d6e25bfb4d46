import { renderToStaticMarkup } from 'react-dom/server';
import type { ConsoleTextKey, ConsoleTexts } from '../i18n/console/texts';
import css from '../styles/outbox.css?inline';
import { InlineStyle } from './inline-style';

/** A message as it is shown. */
export interface ShownMessage {
  readonly id: string;
  readonly at: Date;
  readonly kind: 'mail' | 'sms';
  readonly to: string;
  readonly from: { readonly name: string; readonly address: string };
  readonly language: 'ja' | 'en';
  readonly purpose: string;
  readonly subject: string | null;
  readonly text: string;
}

interface Props {
  readonly t: ConsoleTexts;
  readonly nonce: string;
  readonly otherLanguage: string;
  readonly rehearsal: string | null;
  readonly messages: readonly (ShownMessage & { readonly segments: number })[];
}

/** The demo's outbox as a finished page. */
export function renderOutbox(props: Props): string {
  return `<!DOCTYPE html>${renderToStaticMarkup(<OutboxPage {...props} />)}`;
}

function OutboxPage({ t, nonce, otherLanguage, rehearsal, messages }: Props) {
  return (
    <html lang={t.language}>
      <head>
        <meta charSet="utf-8" />
        <title>{t('outbox.title')}</title>
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
            <h1>{t('outbox.title')}</h1>
            <a href={otherLanguage} hrefLang={t('frame.otherCode')} lang={t('frame.otherCode')}>
              {t('frame.other')}
            </a>
          </div>
          <p className="lead">{t('outbox.lead')}</p>
          {messages.length === 0 && <p className="none">{t('outbox.empty')}</p>}
          {messages.length > 0 && (
            <ol className="messages">
              {messages.map((message) => (
                <li key={message.id} className="message">
                  <p className="about">
                    <span className="kind">{t(`message.channel.${message.kind}`)}</span>
                    <span>{t(`message.purpose.${message.purpose}` as ConsoleTextKey)}</span>
                    <span>{t(`outbox.language.${message.language}`)}</span>
                    {message.kind === 'sms' && <span>{t('outbox.segments', { count: message.segments })}</span>}
                    <time dateTime={message.at.toISOString()}>{t.stamp(message.at)}</time>
                  </p>
                  {message.kind === 'mail' ? <Mail t={t} message={message} /> : <Sms t={t} message={message} />}
                </li>
              ))}
            </ol>
          )}
        </main>
      </body>
    </html>
  );
}

function Mail({ t, message }: { t: ConsoleTexts; message: ShownMessage }) {
  return (
    <article lang={message.language}>
      <div className="head">
        <h2>{message.subject}</h2>
        <dl>
          <dt lang={t.language}>{t('outbox.from')}</dt>
          <dd>
            {message.from.name} &lt;{message.from.address}&gt;
          </dd>
          <dt lang={t.language}>{t('outbox.to')}</dt>
          <dd>{message.to}</dd>
        </dl>
      </div>
      <p className="body">
        <Linked text={message.text} />
      </p>
    </article>
  );
}

function Sms({ t, message }: { t: ConsoleTexts; message: ShownMessage }) {
  return (
    <article className="phone">
      <p>
        {t('outbox.from')} {message.from.address} ・ {t('outbox.to')} {message.to}
      </p>
      <div className="bubble" lang={message.language}>
        <Linked text={message.text} />
      </div>
    </article>
  );
}

const LINK = /(https?:\/\/[^\s/]+\/r\/[A-Za-z0-9_-]{22})/;

/** A text in which our own links can be pressed. */
function Linked({ text }: { text: string }) {
  return (
    <>
      {text.split(LINK).map((piece, i) =>
        i % 2 === 1 ? (
          // biome-ignore lint/suspicious/noArrayIndexKey: the page is rendered once
          <a key={i} href={piece}>
            {piece}
          </a>
        ) : (
          piece
        ),
      )}
    </>
  );
}
