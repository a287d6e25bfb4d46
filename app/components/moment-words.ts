import type { Moment } from '../domain/calendar';
import { SENDING_GROUPS } from '../domain/wave';
import type { ConsoleTexts } from '../i18n/console/texts';

/** What happens at an instant of a programme, in words. */
export function sayMoment(t: ConsoleTexts, { kind, group }: Pick<Moment, 'kind' | 'group'>): string {
  return t(`clock.moment.${kind}`, { group: sayGroup(t, group) });
}

/** Whom a sending is for; a group that the texts do not know by its own name. */
export function sayGroup(t: ConsoleTexts, group: string | null): string {
  const known = SENDING_GROUPS.find((each) => each === group);
  return known ? t(`waves.group.${known}`) : (group ?? '');
}
