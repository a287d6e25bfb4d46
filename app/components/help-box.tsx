import type { Bilingual } from '../domain/campaign';
import type { Texts } from '../i18n/texts';

/** Whom to ask. */
export interface Office {
  readonly office: Bilingual;
  readonly callCentre: { readonly name: Bilingual; readonly tel: string; readonly hours: Bilingual };
}

interface Props {
  t: Texts;
  office: Office;
  title?: string;
  /** What to have at hand when calling. */
  say?: string;
}

/** The call centre: the number to press, its hours, and what to say. */
export function HelpBox({ t, office: { callCentre }, title, say }: Props) {
  return (
    <section className="card help">
      <h2>{title ?? t('help.title')}</h2>
      <p>{t.own(callCentre.name)}</p>
      <p>
        <a className="tel" href={`tel:${callCentre.tel}`}>
          {callCentre.tel}
        </a>
      </p>
      <p className="quiet">{t.own(callCentre.hours)}</p>
      {say && <p className="quiet">{say}</p>}
    </section>
  );
}
