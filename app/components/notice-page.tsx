import type { Texts } from '../i18n/texts';
import { HelpBox, type Office } from './help-box';

/** What a page says when it is not the page one came for. */
export interface Notice {
  readonly title: string;
  /** What happened. */
  readonly what: string;
  /** What is safe. */
  readonly safe: string;
  /** Where one can see for oneself. */
  readonly safeLink?: { readonly href: string; readonly text: string };
  /** What to do next. */
  readonly act: string;
  /** The one next step, where there is one. */
  readonly next?: { readonly href: string; readonly text: string; readonly primary?: boolean };
  readonly reference?: string;
  readonly tone?: 'stop' | 'wait';
}

interface Props {
  t: Texts;
  notice: Notice;
  offices: readonly Office[];
  /** The recipient's number, when it is known who asks. */
  number?: string;
}

/** What happened, what is safe, what to do: every state and every no in the same three sentences. */
export function NoticePage({ t, notice, offices, number }: Props) {
  return (
    <>
      <section className={`card notice ${notice.tone ?? 'wait'}`}>
        <h1>{notice.title}</h1>
        <p>{notice.what}</p>
        <div className="safe">
          <h2>{t('notice.safe')}</h2>
          <p>{notice.safe}</p>
          {notice.safeLink && (
            <a className="more" href={notice.safeLink.href}>
              {notice.safeLink.text}
            </a>
          )}
        </div>
        <h2>{t('notice.do')}</h2>
        <p>{notice.act}</p>
        {notice.reference && <p className="reference">{t('notice.reference', { reference: notice.reference })}</p>}
        {notice.next && (
          <a className={notice.next.primary === false ? 'button second' : 'button'} href={notice.next.href}>
            {notice.next.text}
          </a>
        )}
      </section>
      <HelpBox t={t} offices={offices} number={number} />
    </>
  );
}
