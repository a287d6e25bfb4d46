import type { MessageChannel, MessagePurpose, MessageReason, MessageState } from '../../domain/message';
import type { ConsoleTexts } from '../../i18n/console/texts';
import { reasonText } from './reason-text';
import { TableScroll } from './table-scroll';

interface Props {
  readonly t: ConsoleTexts;
  readonly grantId: string;
  readonly mayResend: boolean;
  readonly sent: {
    readonly number: string;
    readonly messages: readonly {
      readonly id: string;
      readonly purpose: MessagePurpose;
      readonly channel: MessageChannel;
      readonly addressMask: string;
      readonly language: 'ja' | 'en';
      readonly state: MessageState;
      readonly reason: MessageReason | null;
      readonly detail: string | null;
      readonly attempts: number;
      readonly template: string;
      readonly queuedAt: Date;
      readonly calledAt: Date | null;
      readonly next: { readonly what: 'retry' | 'ask'; readonly at: Date } | null;
      /** By which way it went out instead; `none`: there was no other. Null: nothing followed. */
      readonly fellOver: MessageChannel | 'none' | null;
    }[];
    readonly opens: readonly {
      readonly at: Date;
      readonly client: 'bot' | 'phone' | 'computer' | 'other';
      readonly actedAt: Date | null;
    }[];
  };
}

/** What was sent to one person and what became of it, and when their link was opened. */
export function SentPage({ t, grantId, mayResend, sent }: Props) {
  return (
    <>
      <header className="stack">
        <p>
          <a href={`/admin/people/${grantId}`}>{t('sent.back')}</a>
        </p>
        <h1>{t('sent.title', { number: sent.number })}</h1>
        {mayResend && (
          <p>
            <a className="button" href={`/admin/people/${grantId}/resend`}>
              {t('person.act.resend')}
            </a>
          </p>
        )}
      </header>
      <section className="card stack">
        {sent.messages.length === 0 ? <p>{t('sent.none')}</p> : <Messages t={t} messages={sent.messages} />}
      </section>
      <section className="card stack">
        <h2>{t('sent.opened')}</h2>
        {sent.opens.length === 0 ? <p>{t('sent.opened.none')}</p> : <Opens t={t} opens={sent.opens} />}
      </section>
    </>
  );
}

function Messages({ t, messages }: { t: ConsoleTexts; messages: Props['sent']['messages'] }) {
  return (
    <TableScroll label={t('person.messages')}>
      <table>
        <thead>
          <tr>
            {(['when', 'purpose', 'to', 'state', 'next', 'text'] as const).map((name) => (
              <th scope="col" key={name}>
                {t(`sent.${name}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {messages.map((one) => (
            <tr key={one.id}>
              <td className="stamp">{t.stamp(one.calledAt ?? one.queuedAt)}</td>
              <th scope="row">{t(`message.purpose.${one.purpose}`)}</th>
              <td>
                {t(`message.channel.${one.channel}`)} {one.addressMask}
              </td>
              <td>
                {t(`waves.message.${one.state}`)}
                {one.reason && (
                  <span className="hint">
                    {' '}
                    {reasonText(t, one.reason)}
                    {one.detail && ` (${one.detail})`}
                  </span>
                )}
                {one.attempts > 1 && <span className="hint"> {t('sent.attempts', { count: one.attempts })}</span>}
              </td>
              <td>{nextWords(t, one)}</td>
              <td>
                {textWords(t, one.template)} <span className="hint">{t(`texts.language.${one.language}`)}</span>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </TableScroll>
  );
}

/** What comes next for a message, or what came. */
function nextWords(t: ConsoleTexts, { next, fellOver }: Props['sent']['messages'][number]): string {
  if (next) return t(`sent.next.${next.what}`, { at: t.stamp(next.at) });
  return fellOver ? t(`sent.next.${fellOver === 'none' ? 'nothing' : fellOver}`) : t('sent.next.none');
}

/** Which text it was: `invitation/own-3` is the office's third, all else the portal's. */
function textWords(t: ConsoleTexts, template: string): string {
  const version = /\/own-(\d+)$/.exec(template)?.[1];
  return version ? t('sent.text.own', { version }) : t('sent.text.standard');
}

function Opens({ t, opens }: { t: ConsoleTexts; opens: Props['sent']['opens'] }) {
  return (
    <ul className="lines">
      {opens.map((open) => (
        <li key={`${open.at.toISOString()} ${open.client}`}>
          <span className="stamp">{t.stamp(open.at)}</span>{' '}
          {t(`sent.opened.client.${open.actedAt && open.client === 'bot' ? 'unsure' : open.client}`)}
          {t.language === 'ja' ? '：' : ': '}
          {open.actedAt ? t('sent.opened.person') : t(open.client === 'bot' ? 'sent.opened.bot' : 'sent.opened.look')}
        </li>
      ))}
    </ul>
  );
}
