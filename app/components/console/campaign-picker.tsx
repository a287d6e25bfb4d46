import type { ReactNode } from 'react';
import type { Bilingual } from '../../domain/campaign';
import type { ConsoleTexts } from '../../i18n/console/texts';

export interface CampaignChoice {
  readonly id: string;
  readonly name: Bilingual;
}

interface Props {
  readonly t: ConsoleTexts;
  /** The page that shows what was chosen. */
  readonly action: string;
  readonly campaigns: readonly CampaignChoice[];
  readonly chosen: string | null;
  readonly className?: string;
  /** Further things to choose. */
  readonly fields?: ReactNode;
  /** Further buttons on the same line. */
  readonly children?: ReactNode;
}

/** Which programme a page shows; nothing where there is no choice and nothing else to press. */
export function CampaignPicker({ t, action, campaigns, chosen, className = 'filters', fields, children }: Props) {
  if (campaigns.length < 2 && !fields && !children) return null;
  return (
    <form method="get" action={action} className={className}>
      <p className="field">
        <label htmlFor="campaign">{t('frame.campaign')}</label>
        <select id="campaign" name="campaign" defaultValue={chosen ?? ''}>
          {campaigns.map(({ id, name }) => (
            <option key={id} value={id}>
              {t.own(name)}
            </option>
          ))}
        </select>
      </p>
      {fields}
      <button type="submit" className="button quiet">
        {t('frame.show')}
      </button>
      {children}
    </form>
  );
}
