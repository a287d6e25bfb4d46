import type { CampaignSettings } from './campaign';
import { lastMoment } from './deadline';
import { isDay, japanDay } from './japan-time';
import { SENDING_GROUPS, type SendingGroup, WAVE_PURPOSES, type WavePlan, type WavePurpose } from './wave';

/** Where nothing else is said: nobody is woken, and nobody is called to the phone at night. */
const HOURS = [9, 20] as const;

/** What somebody says about a wave; what is left out stands in the campaign's settings. */
export interface WaveWish {
  readonly group: SendingGroup;
  readonly purpose: WavePurpose;
  readonly from?: string;
  readonly until?: string;
  readonly hours?: readonly [number, number];
  readonly perHour?: number;
  readonly domain?: Readonly<Record<string, number>>;
  readonly warmUp?: readonly number[];
}

/** The plan that a wish comes to. */
export function planOf(
  wish: WaveWish,
  { settings, redeemUntil, now }: { settings: CampaignSettings; redeemUntil: Date; now: Date },
): WavePlan {
  const own = settings.sending?.[wish.group];
  const today = japanDay(now);
  const lastDay = japanDay(lastMoment(redeemUntil));
  // After the campaign's own days a late invitation may go out until the last day.
  const days = wish.purpose === 'invitation' && own && own.until >= today ? own : { from: today, until: lastDay };
  const [firstHour, endHour] = wish.hours ?? own?.hours ?? HOURS;
  return {
    group: wish.group,
    purpose: wish.purpose,
    hours: {
      fromOn: wish.from ?? days.from,
      untilOn: wish.until ?? days.until,
      firstHour,
      endHour,
    },
    perHour: wish.perHour ?? own?.perHour ?? null,
    domainPerHour: wish.domain ?? own?.domainPerHour ?? {},
    warmUp: wish.warmUp ?? own?.warmUp ?? [],
  };
}

export const PLAN_FIELDS = ['group', 'purpose', 'from', 'until', 'first', 'end', 'perHour', 'domains', 'warmUp'] as const;
export type PlanField = (typeof PLAN_FIELDS)[number];
/** A plan as it is typed into a form. */
export type TypedPlan = Readonly<Record<PlanField, string>>;
export interface PlanProblem {
  readonly field: PlanField;
  readonly problem: 'day' | 'order' | 'over' | 'past_deadline' | 'hour' | 'number' | 'domains' | 'numbers' | 'choice';
}

/** A plan as a form shows it. */
export function typedPlan({ group, purpose, hours, perHour, domainPerHour, warmUp }: WavePlan): TypedPlan {
  return {
    group,
    purpose,
    from: hours.fromOn,
    until: hours.untilOn,
    first: String(hours.firstHour),
    end: String(hours.endHour),
    perHour: perHour === null ? '' : String(perHour),
    domains: Object.entries(domainPerHour)
      .map(([domain, count]) => `${domain}=${count}`)
      .join(' '),
    warmUp: warmUp.join(' '),
  };
}

const COUNT = /^[1-9]\d{0,6}$/;
const DOMAIN = /^((?:[a-z0-9-]{1,63}\.)+[a-z]{2,63})=([1-9]\d{0,6})$/;
const WARM_UP_MOST = 31;

/** Reads what was typed, or says of each field what is wrong with it. Its days are neither over nor after the last day to receive. */
export function readPlan(
  typed: TypedPlan,
  { now, lastDay }: { now: Date; lastDay: string },
): { readonly plan: WavePlan } | { readonly problems: readonly PlanProblem[] } {
  const problems: PlanProblem[] = [];
  const plain = (field: PlanField) => typed[field].normalize('NFKC').trim().toLowerCase();
  const wrong = (field: PlanField, problem: PlanProblem['problem']) => void problems.push({ field, problem });
  const group = SENDING_GROUPS.find((each) => each === plain('group'));
  const purpose = WAVE_PURPOSES.find((each) => each === plain('purpose'));
  if (!group) wrong('group', 'choice');
  if (!purpose) wrong('purpose', 'choice');
  const [fromOn, untilOn] = [plain('from'), plain('until')];
  for (const field of ['from', 'until'] as const) if (!isDay(plain(field))) wrong(field, 'day');
  if (isDay(fromOn) && isDay(untilOn)) {
    if (untilOn < fromOn) wrong('until', 'order');
    else if (untilOn < japanDay(now)) wrong('until', 'over');
    else if (untilOn > lastDay) wrong('until', 'past_deadline');
  }
  const [first, end] = [plain('first'), plain('end')];
  const [firstHour, endHour] = [Number(first), Number(end)];
  if (!/^\d{1,2}$/.test(first) || firstHour > 23) wrong('first', 'hour');
  if (!/^\d{1,2}$/.test(end) || endHour > 24 || endHour <= firstHour) wrong('end', 'hour');
  const perHour = plain('perHour').replaceAll(',', '');
  if (perHour !== '' && !COUNT.test(perHour)) wrong('perHour', 'number');
  const domainPerHour: Record<string, number> = {};
  for (const piece of listOf(plain('domains'))) {
    const [, domain, count] = DOMAIN.exec(piece) ?? [];
    if (domain === undefined) wrong('domains', 'domains');
    else domainPerHour[domain] = Number(count);
  }
  const warmUp = listOf(plain('warmUp'));
  if (warmUp.length > WARM_UP_MOST || warmUp.some((count) => !COUNT.test(count))) wrong('warmUp', 'numbers');
  if (!group || !purpose || problems.length > 0) return { problems: onceEach(problems) };
  return {
    plan: {
      group,
      purpose,
      hours: { fromOn, untilOn, firstHour, endHour },
      perHour: perHour === '' ? null : Number(perHour),
      domainPerHour,
      warmUp: warmUp.map(Number),
    },
  };
}

function listOf(text: string): string[] {
  return text.split(/[\s,、]+/).filter((piece) => piece !== '');
}

function onceEach(problems: readonly PlanProblem[]): PlanProblem[] {
  return [...new Map(problems.map((problem) => [problem.field, problem])).values()];
}
