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
}

interface Props extends DemoFrame {
  readonly messages: readonly (ShownMessage & { readonly segments: number })[];
}

/** The demo's outbox as a finished page. */
export function renderOutbox({ messages, ...frame }: Props): string {
  const { t } = frame;
  return renderDemoPage(
    frame,
    messages.length === 0 ? (
      <p className="none">{t('outbox.empty')}</p>
    ) : (
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
    ),
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
