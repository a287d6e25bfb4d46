import { claims } from '../../i18n/console/claims';
import { messages } from '../../i18n/console/messages';
import { person } from '../../i18n/console/person';
import type { ConsoleTextKey, ConsoleTexts } from '../../i18n/console/texts';

/** A reason, a cause, or the name of an act, a channel or a device in words; one without words stands as it is stored. */
export function reasonText(t: ConsoleTexts, stored: string): string {
  const plain = stored.replace(/^(?:act|client|channel)\./, '');
  const key = { act: `person.${stored}`, client: stored, channel: stored }[stored.split('.')[0] ?? ''] ?? `reason.${stored}`;
  const own = `claims.approve.reason.${stored}`;
  if (Object.hasOwn(claims, own)) return t(own as ConsoleTextKey);
  return Object.hasOwn(person, key) ? t(key as ConsoleTextKey) : plain;
}

/** What a message was for, in the words of the lists of messages. */
export function purposeText(t: ConsoleTexts, stored: string): string {
  const key = `message.purpose.${stored}`;
  return Object.hasOwn(messages, key) ? t(key as ConsoleTextKey) : stored;
}
