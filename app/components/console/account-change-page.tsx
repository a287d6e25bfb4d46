import type { ReactNode } from 'react';
import type { ConsoleTexts } from '../../i18n/console/texts';

interface Props {
  readonly t: ConsoleTexts;
  readonly token: string;
  readonly act: string;
  readonly title: string;
  /** What it does, in a sentence. */
  readonly what: string;
  /** The words of the button; null where another button sends the form. */
  readonly press: string | null;
  readonly back: { readonly href: string; readonly text: string };
  readonly danger?: boolean;
  readonly children: ReactNode;
}

/** One change of an account on a page of its own: what it does, what it needs, its button. */
export function ChangePage({ t, token, act, title, what, press, back, danger, children }: Props) {
  return (
    <>
      <p className="crumbs">
        <a href={back.href}>{back.text}</a>
      </p>
      <h1>{title}</h1>
      <section className="card">
        <p>{what}</p>
        <form className="form" method="post">
          <input type="hidden" name="token" value={token} />
          <input type="hidden" name="act" value={act} />
          {children}
          <p className="buttons">
            {press !== null && (
              <button type="submit" className={danger ? 'button danger' : 'button'}>
                {press}
              </button>
            )}
            <a href={back.href}>{t('account.cancel')}</a>
          </p>
        </form>
      </section>
    </>
  );
}
