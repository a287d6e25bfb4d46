import type { ConsoleTextKey, ConsoleTexts } from '../i18n/console/texts';
import { type DemoFrame, renderDemoPage } from './demo-page';

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
  /** It came back. */
  readonly returned: boolean;
}

/** With what it costs as an SMS. */
export type CountedMessage = ShownMessage & { readonly segments: number };

interface Props extends DemoFrame {
  /** An address or a grant number, as typed. */
  readonly search: string;
  readonly page: number;
  readonly pages: number;
  readonly total: number;
  readonly messages: readonly CountedMessage[];
}

/** Messages alone, in the same frame as the demo's outbox. */
export function renderMessages(frame: DemoFrame, messages: readonly CountedMessage[]): string {
  return renderDemoPage(frame, <MessageList t={frame.t} messages={messages} />);
}

/** The demo's outbox as a finished page. */
export function renderOutbox({ messages, search, page, pages, total, ...frame }: Props): string {
  const { t } = frame;
  const pager = <Pager t={t} search={search} page={page} pages={pages} />;
  return renderDemoPage(
    frame,
    <>
      <form method="get" action="/outbox" className="search">
        <label htmlFor="q">{t('outbox.search')}</label>
        <input id="q" name="q" defaultValue={search} maxLength={254} />
        <button type="submit">{t('outbox.search.press')}</button>
        {search !== '' && <a href="/outbox">{t('outbox.search.all')}</a>}
      </form>
      <p className="count">{t(search === '' ? 'outbox.count' : 'outbox.found', { count: total })}</p>
      {messages.length === 0 && <p className="none">{t(search === '' ? 'outbox.empty' : 'outbox.nothing')}</p>}
      {pager}
      <MessageList t={t} messages={messages} />
      {messages.length > 3 && pager}
    </>,
  );
}

function MessageList({ t, messages }: { t: ConsoleTexts; messages: readonly CountedMessage[] }) {
  return (
    <ol className="messages">
      {messages.map((message) => (
        <li key={message.id} className="message">
          <p className="about">
            <span className="kind">{t(`message.channel.${message.kind}`)}</span>
            <span>{t(`message.purpose.${message.purpose}` as ConsoleTextKey)}</span>
            <span>{t(`outbox.language.${message.language}`)}</span>
            {message.kind === 'sms' && <span>{t('outbox.segments', { count: message.segments })}</span>}
            {message.returned && <span className="returned">{t('outbox.returned')}</span>}
            <time dateTime={message.at.toISOString()}>{t.stamp(message.at)}</time>
          </p>
          {message.kind === 'mail' ? <Mail t={t} message={message} /> : <Sms t={t} message={message} />}
        </li>
      ))}
    </ol>
  );
}

function Pager({ t, search, page, pages }: { t: ConsoleTexts; search: string; page: number; pages: number }) {
  if (pages < 2) return null;
  const to = (other: number) => `/outbox?${new URLSearchParams({ ...(search && { q: search }), page: String(other) })}`;
  return (
    <nav className="pager" aria-label={t('outbox.pages')}>
      {page > 1 && <a href={to(page - 1)}>{t('outbox.newer')}</a>}
      <span>{t('outbox.page', { page, pages })}</span>
      {page < pages && <a href={to(page + 1)}>{t('outbox.older')}</a>}
    </nav>
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

const LINK =
  /(https?:\/\/[^\s/]+\/(?:r\/[A-Za-z0-9_-]{22}|stop\/[A-Za-z0-9_-]{38}|claim\/(?:prove\/\d{10}\/[A-Za-z0-9_-]{22}|status)(?:\?programme=[a-z0-9-]+)?))/;

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
