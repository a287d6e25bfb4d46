import type { ConsoleTexts } from '../../i18n/console/texts';

interface Props {
  readonly t: ConsoleTexts;
  readonly title: string;
  readonly choices: readonly { readonly href: string; readonly name: string }[];
}

/** Asks for which programme a page is to be opened. */
export function ChooseCampaignPage({ t, title, choices }: Props) {
  return (
    <>
      <h1>{title}</h1>
      <section className="card stack">
        <h2>{t('frame.chooseCampaign')}</h2>
        <ul className="lines">
          {choices.map(({ href, name }) => (
            <li key={href}>
              <a href={href}>{name}</a>
            </li>
          ))}
        </ul>
      </section>
    </>
  );
}
