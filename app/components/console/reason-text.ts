import { person } from '../../i18n/console/person';
import type { ConsoleTextKey, ConsoleTexts } from '../../i18n/console/texts';

/** A reason, a cause or the name of an act in words; one without words stands as it is stored. */
export function reasonText(t: ConsoleTexts, stored: string): string {
  const key = stored.startsWith('act.') ? `person.${stored}` : `reason.${stored}`;
  return Object.hasOwn(person, key) ? t(key as ConsoleTextKey) : stored.replace(/^act\./, '');
}
