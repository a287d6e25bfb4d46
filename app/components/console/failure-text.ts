import type { ConsoleTexts } from '../../i18n/console/texts';

const FAILURES = ['too_late', 'used', 'never_seen', 'rejected', 'grew', 'cancel_unknown'] as const;

/** Why an approved act could not be carried out. */
export function failureText(t: ConsoleTexts, outcome: string): string {
  const known = FAILURES.find((name) => name === outcome);
  return known ? t(`approval.failed.${known}`) : t('approval.failed.other', { detail: outcome });
}
