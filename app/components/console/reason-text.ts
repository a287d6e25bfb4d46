import { claims } from '../../i18n/console/claims';
import { person } from '../../i18n/console/person';
import type { ConsoleTextKey, ConsoleTexts } from '../../i18n/console/texts';

/** A reason, a cause, or the name of an act, a purpose or a device in words; one without words stands as it is stored. */
export function reasonText(t: ConsoleTexts, stored: string): string {
  const plain = stored.replace(/^(?:act|purpose|client|channel)\./, '');
  const key =
    { act: `person.${stored}`, purpose: stored, client: stored, channel: stored }[stored.split('.')[0] ?? ''] ?? `reason.${stored}`;
  const own = `claims.approve.reason.${stored}`;
  if (Object.hasOwn(claims, own)) return t(own as ConsoleTextKey);
  return Object.hasOwn(person, key) ? t(key as ConsoleTextKey) : plain;
}
