import type { Bilingual } from '../domain/campaign';
import type { TextKey, Texts } from '../i18n/texts';

/** Whom to ask. */
export interface Office {
  readonly office: Bilingual;
  readonly callCentre: { readonly name: Bilingual; readonly tel: string; readonly hours: Bilingual };
}

interface Props {
  t: Texts;
  /** One where it is known who asks; else everyone's. */
  offices: readonly Office[];
  title?: string;
  /** What to have at hand when calling: the recipient's number. */
  number?: string;
  /** Or the code's. */
  management?: string;
}

/** The call centres: the number to press, its hours, and what to say. */
export function HelpBox({ t, offices, title, number, management }: Props) {
  const [first, ...others] = distinct(offices);
  if (!first) return null;
  return (
    <section className="card help">
      <h2>{title ?? t('help.title')}</h2>
      {others.length === 0 ? (
        <Centre t={t} office={first} />
      ) : (
        <ul className="codes">
          {[first, ...others].map((office) => (
            <li key={mark(office)}>
              <p>
                <b>{t.own(office.office)}</b>
              </p>
              <Centre t={t} office={office} />
            </li>
          ))}
        </ul>
      )}
      {management ? <Say t={t} name="help.management" number={management} /> : number && <Say t={t} name="help.number" number={number} />}
    </section>
  );
}

function Centre({ t, office: { callCentre } }: { t: Texts; office: Office }) {
  return (
    <>
      <p>{t.own(callCentre.name)}</p>
      <p>
        <a className="tel" href={`tel:${callCentre.tel}`}>
          {callCentre.tel}
        </a>
      </p>
      <p className="quiet">{t.own(callCentre.hours)}</p>
    </>
  );
}

/** The number stays on one line. */
function Say({ t, name, number }: { t: Texts; name: TextKey; number: string }) {
  const [before, after] = t(name, { number: '\n' }).split('\n');
  return (
    <p className="quiet">
      {before}
      <span className="kept">{number}</span>
      {after}
    </p>
  );
}

/** Several campaigns may share one call centre. */
function distinct(offices: readonly Office[]): Office[] {
  return [...new Map(offices.map((office) => [mark(office), office])).values()];
}

function mark({ office, callCentre }: Office): string {
  return `${office.ja} ${callCentre.tel}`;
}
