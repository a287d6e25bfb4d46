import type { Bilingual } from '../../domain/campaign';
import type { ClaimTexts } from '../../i18n/claim';
import type { Texts } from '../../i18n/texts';
import { HelpBox, type Office } from '../help-box';

interface Props {
  t: Texts;
  c: ClaimTexts;
  sites: readonly { readonly id: string; readonly settings: Office & { readonly name: Bilingual } }[];
}

/** Which programme a claim is about, where several take claims; or that none does. */
export function ClaimProgrammesPage({ t, c, sites }: Props) {
  if (sites.length === 0) {
    return (
      <section className="card">
        <h1>{c('home.none')}</h1>
        <p>{c('home.none.text')}</p>
      </section>
    );
  }
  return (
    <>
      <h1>{c('home.choose')}</h1>
      {sites.map(({ id, settings }) => (
        <p key={id}>
          <a className="button second" href={`/claim?programme=${id}`}>
            {c.own(settings.name)}
          </a>
        </p>
      ))}
      <HelpBox t={t} offices={sites.map(({ settings }) => settings)} />
    </>
  );
}
