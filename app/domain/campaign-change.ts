import { ANNOUNCED, type Announced, type CampaignFile, type PolicySettings, policySettings } from './campaign';
import { ALONE_ACTS } from './campaign-fields';
import { isSame } from './same';

/** What a new version of a programme changes, and who is told. Pure. */

/** Dates of the file that people plan by: after the start they change with a second person. */
const DATED = ['redeemUntil', 'claims', 'incident', 'coupon', 'sending'] as const;

/** Whether dates differ. */
export function datesChange(before: CampaignFile, after: CampaignFile): boolean {
  return DATED.some((part) => !isSame(before[part], after[part]));
}

/** What bounds one person: raised by two people only, lowered by one. A freeze's length bounds nobody. */
type Limits = Pick<CampaignFile, 'policy' | 'grantCeilingYen'>;

/** Limits that a new version raises, by the form's names. What a policy does not name takes two people always. */
export function raisedLimits(before: Limits, after: Limits): string[] {
  const alone = ({ freeUpToYen }: PolicySettings, act: (typeof ALONE_ACTS)[number]) => freeUpToYen[act] ?? -1;
  return [
    ...(after.grantCeilingYen > before.grantCeilingYen ? ['grantCeilingYen'] : []),
    ...(['exportRowsAlone', 'extensionDaysMost'] as const).filter((name) => after.policy[name] > before.policy[name]),
    ...ALONE_ACTS.filter((act) => alone(after.policy, act) > alone(before.policy, act)).map((act) => `alone_${act}`),
  ];
}

/** What a new programme may not begin with, by the form's names: one person makes it, so nothing is laxer than the defaults. */
export function tooLaxToBegin(file: CampaignFile): string[] {
  return raisedLimits({ policy: policySettings.parse({}), grantCeilingYen: file.grantCeilingYen }, file);
}

/** Whether a new version takes a second person: dates that people know, or a limit that rises. */
export function needsSecond(before: CampaignFile, after: CampaignFile, started: boolean): boolean {
  return (started && datesChange(before, after)) || raisedLimits(before, after).length > 0;
}

const PUBLIC: Readonly<Record<Announced, (file: CampaignFile) => string | undefined>> = {
  deadline: (file) => file.redeemUntil,
  claims_open: (file) => file.claims?.opensAt,
  claims_close: (file) => file.claims?.closesAt,
};

/** The new version with what its public pages have to say: each public date as it was first told, and as it is now. */
export function withAnnouncements(before: CampaignFile, after: CampaignFile): CampaignFile {
  const { announced: _, ...rest } = after;
  const announced = ANNOUNCED.flatMap((what) => {
    const told = before.announced?.find((each) => each.what === what)?.from ?? PUBLIC[what](before);
    const now = PUBLIC[what](after);
    return told !== undefined && now !== undefined && Date.parse(told) !== Date.parse(now) ? [{ what, from: told, to: now }] : [];
  });
  return announced.length > 0 ? { ...rest, announced } : rest;
}

/** A programme copied into another: its dates moved by whole days, and nothing that was told of the first. */
export function movedByDays(file: CampaignFile, days: number): CampaignFile {
  const { announced: _, ...rest } = file;
  return moved(rest, days) as CampaignFile;
}

/** A copy as one person may make it: what one may do alone was agreed for the first programme, not for this one. */
export function withStrictPolicy(file: CampaignFile): CampaignFile {
  return { ...file, policy: { ...policySettings.parse({}), freezeHours: file.policy.freezeHours } };
}

const DAY_MS = 86_400_000;
const MOMENT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\+09:00$/;
const DAY = /^\d{4}-\d{2}-\d{2}$/;

function moved(value: unknown, days: number): unknown {
  if (Array.isArray(value)) return value.map((each) => moved(each, days));
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, moved(each, days)]));
  }
  if (typeof value !== 'string') return value;
  if (MOMENT.test(value)) return `${shifted(value.slice(0, 10), days)}${value.slice(10)}`;
  return DAY.test(value) ? shifted(value, days) : value;
}

function shifted(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);
}
