import type { CampaignFinding } from '../../domain/campaign-check';
import type { ConsoleTexts } from '../../i18n/console/texts';
import { sayGroup } from '../moment-words';

/** What was found looking at a programme as a whole. */
export function CampaignFindings({ t, findings }: { t: ConsoleTexts; findings: readonly CampaignFinding[] }) {
  if (findings.length === 0) return <p className="message">{t('campaigns.fine')}</p>;
  return (
    <ul className="lines">
      {findings.map(({ name, weight, group, parts }) => (
        <li key={`${name} ${group}`} className={weight === 'fault' ? 'message fail' : 'message time'}>
          {t(`campaigns.finding.${name}`, { group: sayGroup(t, group), parts: String(parts ?? '') })}
        </li>
      ))}
    </ul>
  );
}
