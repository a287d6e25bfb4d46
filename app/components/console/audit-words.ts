import { audit } from '../../i18n/console/audit';
import type { ConsoleTextKey, ConsoleTexts } from '../../i18n/console/texts';
import { reasonText } from './reason-text';

/** A text of the catalogue's part on audit entries; null when it has none. */
function wordsFor(t: ConsoleTexts, key: string): string | null {
  return Object.hasOwn(audit, key) ? t(key as ConsoleTextKey) : null;
}

/** What an approval may be about: acts with steps. */
export const ACTS_OF_APPROVALS = [
  'reissue',
  'give_back',
  'settle_doubt',
  'extend',
  'change_address',
  'bulk_reissue',
  'bulk_give_back',
  'export',
  'put_back',
  'extend_coupon',
  'extend_coupons',
  'decide_case',
  'change_campaign',
] as const;

/** An act of an audit entry in words; null when it has none. */
export function auditActText(t: ConsoleTexts, act: string): string | null {
  const whole = wordsFor(t, `audit.act.${act}`);
  if (whole !== null) return whole;
  const [first = '', last = ''] = act.split('.');
  const stem = wordsFor(t, `audit.stem.${first}`);
  const step = wordsFor(t, `audit.step.${last}`);
  return stem !== null && step !== null ? t('audit.stepped', { stem, step }) : null;
}

/** The acts to filter by: whole ones, and with all their steps those that have steps. */
export function auditActChoices(t: ConsoleTexts): [act: string, text: string][] {
  return Object.keys(audit).flatMap((key): [string, string][] => {
    const match = /^audit\.(?:act|stem)\.(.+)$/.exec(key);
    return match?.[1] ? [[match[1], t(key as ConsoleTextKey)]] : [];
  });
}

/** Who did it, in words. */
export function actorText(t: ConsoleTexts, { actor, staffName }: { actor: string; staffName: string | null }): string {
  if (staffName !== null) return staffName;
  if (actor.startsWith('cli:')) return t('audit.actor.cli', { name: actor.slice(4) });
  return wordsFor(t, `audit.actor.${actor}`) ?? actor;
}

/** What it was done to, in words. */
export function subjectText(t: ConsoleTexts, kind: string): string {
  return wordsFor(t, `audit.subject.${kind}`) ?? t('audit.subject.other');
}

/** Free text of staff: only for whoever may see a person. */
const FREE = ['note', 'consent', 'evidence'];
const HASH = /^(?:\d+:)?[0-9a-f]{64}$/;
const INSTANT = /^\d{4}-\d{2}-\d{2}T[\d:.]+Z$/;

/** Details as pairs of a name and words. */
export function detailWords(
  t: ConsoleTexts,
  detail: Readonly<Record<string, unknown>>,
  { act, seesPeople }: { act: string; seesPeople: boolean },
): [name: string, text: string][] {
  return Object.entries(detail).flatMap(([name, value]): [string, string][] => {
    if (value === null || value === '') return [];
    if (FREE.includes(name) && !seesPeople) return [[t('audit.detail.note'), t('audit.detail.hidden')]];
    const label = wordsFor(t, `audit.detail.${name}`) ?? name;
    return [[label, valueText(t, name, value, act)]];
  });
}

function valueText(t: ConsoleTexts, name: string, value: unknown, act: string): string {
  if (typeof value === 'boolean') return t(value ? 'frame.yes' : 'frame.no');
  // A recipient's choice: each provider with its yen.
  const isYen = ['yen', 'face'].includes(name) || act.startsWith('redemption.');
  if (typeof value === 'number') return isYen ? t.yen(value) : value.toLocaleString('en');
  if (typeof value !== 'string') return JSON.stringify(value);
  // Enough to compare by eye; the whole hash is in the export.
  if (HASH.test(value)) return value.replace(/([0-9a-f]{12})[0-9a-f]{52}$/, '$1…');
  if (INSTANT.test(value)) return t.moment(new Date(value));
  if (name === 'reason' || name === 'outcome') return reasonText(t, value);
  if (name === 'for') return auditStem(t, value);
  if (/role/i.test(name)) return t(`role.${value}` as ConsoleTextKey);
  if (name === 'kinds')
    return value
      .split(',')
      .map((kind) => wordsFor(t, `audit.detail.kinds.${kind}`) ?? kind)
      .join(t('audit.detail.and'));
  if (name === 'fault') return wordsFor(t, `audit.fault.${value}`) ?? value;
  return wordsFor(t, `audit.detail.${name}.${value}`) ?? value;
}

function auditStem(t: ConsoleTexts, act: string): string {
  return wordsFor(t, `audit.stem.${act}`) ?? wordsFor(t, `audit.act.${act}`) ?? act;
}
