import { lastMoment } from './deadline';
import { japanDay, japanDayNumber, japanMidnight } from './japan-time';

/** Waves: invitations and reminders that go out in turns. Their states, hours and pace. Pure. */

export const WAVE_PURPOSES = ['invitation', 'reminder'] as const;
export type WavePurpose = (typeof WAVE_PURPOSES)[number];

/**
 * `stopped` is for good: what was not sent is taken back. `done`: nobody is left to whom it could go; whoever comes
 * within its days is still invited. `over`: its days ended with people left.
 */
export type WaveState = 'planned' | 'running' | 'paused' | 'stopped' | 'done' | 'over';

/** The moves of a wave: from which states, and to which. Each is an act of its own. */
export const WAVE_MOVES = {
  start: { from: ['planned'], to: 'running', act: 'wave.started' },
  pause: { from: ['running'], to: 'paused', act: 'wave.paused' },
  resume: { from: ['paused'], to: 'running', act: 'wave.resumed' },
  stop: { from: ['planned', 'running', 'paused', 'done', 'over'], to: 'stopped', act: 'wave.stopped' },
} as const satisfies Record<string, { readonly from: readonly WaveState[]; readonly to: WaveState; readonly act: string }>;
export type WaveMove = keyof typeof WAVE_MOVES;

/** Whether a wave in this state can be moved so. */
export function canMove(state: WaveState, move: WaveMove): boolean {
  return (WAVE_MOVES[move].from as readonly WaveState[]).includes(state);
}

/**
 * Why a running wave queues nothing at the moment. `issuing`: codes would be late, so no more people are called.
 * `others`: its people wait in the queues of other waves, which may yet be stopped.
 */
export type WaveWait = 'hours' | 'pace' | 'backlog' | 'issuing' | 'others';

/** Why a wave would not write to somebody. */
export type LeftOut = 'invited' | 'finished' | 'late' | 'frozen' | 'opted_out';

export const SENDING_GROUPS = ['app', 'claim'] as const;
export type SendingGroup = (typeof SENDING_GROUPS)[number];

/** Days before the last day on which people are reminded; 0 is its morning. */
export const REMINDER_STEPS = [14, 7, 3, 1, 0] as const;
export type ReminderStep = (typeof REMINDER_STEPS)[number];

/** When a wave may send. Days in Japan, both included; hours from the first on, until the end. */
export interface WaveHours {
  readonly fromOn: string;
  readonly untilOn: string;
  readonly firstHour: number;
  readonly endHour: number;
}

/** What somebody plans. */
export interface WavePlan {
  readonly group: SendingGroup;
  readonly purpose: WavePurpose;
  readonly hours: WaveHours;
  /** Null: as fast as the channel goes. */
  readonly perHour: number | null;
  readonly domainPerHour: Readonly<Record<string, number>>;
  /** Messages an hour on the first day, the second and so on. */
  readonly warmUp: readonly number[];
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** The end of the hours that now are open; null: they are not. */
export function openUntil(now: Date, hours: WaveHours): Date | null {
  const day = japanDay(now);
  if (day < hours.fromOn || day > hours.untilOn) return null;
  const midnight = japanMidnight(now).getTime();
  const first = midnight + hours.firstHour * HOUR_MS;
  const end = midnight + hours.endHour * HOUR_MS;
  return now.getTime() >= first && now.getTime() < end ? new Date(end) : null;
}

/** When the hours open next, later than now; null: never again. */
export function opensAt(now: Date, hours: WaveHours): Date | null {
  const first = new Date(`${hours.fromOn}T00:00:00+09:00`);
  let midnight = (first > now ? first : japanMidnight(now)).getTime();
  if (midnight + hours.firstHour * HOUR_MS <= now.getTime()) midnight += DAY_MS;
  const at = new Date(midnight + hours.firstHour * HOUR_MS);
  return japanDay(at) > hours.untilOn ? null : at;
}

/** Messages an hour that hold now: the warm-up's by the day since the start, then the wave's own; null: no limit. */
export function hourlyLimit(
  now: Date,
  { startedAt, perHour, warmUp }: { startedAt: Date | null; perHour: number | null; warmUp: readonly number[] },
): number | null {
  const step = startedAt === null ? warmUp[0] : warmUp[japanDayNumber(now) - japanDayNumber(startedAt)];
  if (step === undefined) return perHour;
  return perHour === null ? step : Math.min(step, perHour);
}

/** What was not used is kept this long at most: no burst follows a pause. */
const MOST_SAVED_MS = 60_000;

/**
 * How many may go now, evenly over the hour.
 * @returns the count, and from when on the next one is due after `taken` of them
 */
export function paceOf(now: Date, nextAt: Date | null, perHour: number): { allowed: number; after(taken: number): Date } {
  const each = HOUR_MS / perHour;
  const from = nextAt === null ? now.getTime() : Math.max(nextAt.getTime(), now.getTime() - MOST_SAVED_MS);
  const allowed = Math.max(0, Math.floor((now.getTime() - from) / each) + 1);
  return { allowed, after: (taken) => new Date(from + taken * each) };
}

/** The step of the reminder that is due today; null: none. */
export function reminderStep(now: Date, deadlineAt: Date): ReminderStep | null {
  if (now >= deadlineAt) return null;
  const days = japanDayNumber(lastMoment(deadlineAt)) - japanDayNumber(now);
  return REMINDER_STEPS.find((step) => step === days) ?? null;
}

/**
 * The days in Japan, the next first, on which reminders go out to whoever has this deadline: of a wave's days, and not
 * yet over at its last hour.
 */
export function reminderDays(now: Date, deadlineAt: Date, { fromOn, untilOn, endHour }: WaveHours): string[] {
  if (now >= deadlineAt) return [];
  const lastDay = japanMidnight(lastMoment(deadlineAt)).getTime();
  return REMINDER_STEPS.map((step) => new Date(lastDay - step * DAY_MS))
    .filter((midnight) => now.getTime() < midnight.getTime() + endHour * HOUR_MS)
    .map(japanDay)
    .filter((day) => day >= fromOn && day <= untilOn);
}

/** After this instant a message of a wave must not go out: the end of the hours, or the deadline. */
export function notAfter(hoursEnd: Date, deadlineAt: Date): Date {
  return deadlineAt < hoursEnd ? deadlineAt : hoursEnd;
}

/**
 * When a wave of so many would be through at its present limits and hours, if nothing else holds it up; null: not
 * within its days. An estimate: it counts whole hours and the slower of the wave's limit and the channel's.
 */
export function estimateEnd(now: Date, left: number, { hours, limitAt }: { hours: WaveHours; limitAt: (at: Date) => number }): Date | null {
  let at = now;
  let rest = left;
  while (rest > 0) {
    const end = openUntil(at, hours);
    if (end === null) {
      const next = opensAt(at, hours);
      if (next === null) return null;
      at = next;
      continue;
    }
    const perHour = limitAt(at);
    const needs = (rest / perHour) * HOUR_MS;
    const has = end.getTime() - at.getTime();
    if (needs <= has) return new Date(at.getTime() + needs);
    rest -= (has / HOUR_MS) * perHour;
    at = end;
  }
  return at;
}

/** A wave's hours. Through with its people or its days, it follows up what failed by its hours of the day alone. */
export function hoursOf(
  wave: {
    readonly state: WaveState;
    readonly from_on: string;
    readonly until_on: string;
    readonly first_hour: number;
    readonly end_hour: number;
  },
  now: Date,
): WaveHours {
  const isThrough = wave.state === 'done' || wave.state === 'over';
  const untilOn = isThrough && japanDay(now) > wave.until_on ? japanDay(now) : wave.until_on;
  return { fromOn: wave.from_on, untilOn, firstHour: wave.first_hour, endHour: wave.end_hour };
}

/** Whether a wave of invitations writes, now or once it is started or resumed, to whoever was not invited. */
export function takesPeople(wave: { readonly state: WaveState; readonly until_on: string }, now: Date): boolean {
  return wave.state !== 'stopped' && wave.state !== 'over' && japanDay(now) <= wave.until_on;
}

/** The deadlines of whom a reminder is due today: later than `from`, `until` at the latest. */
export function dueReminders(now: Date): { step: ReminderStep; from: Date; until: Date; lastDay: string }[] {
  const midnight = japanMidnight(now).getTime();
  return REMINDER_STEPS.map((step) => {
    const from = new Date(midnight + step * DAY_MS);
    return { step, from, until: new Date(from.getTime() + DAY_MS), lastDay: japanDay(from) };
  });
}

/** May a message of a wave go out now? */
export type Leave =
  | { readonly kind: 'go'; readonly notAfter: Date }
  /** It is taken back: nobody needs it any more. */
  | { readonly kind: 'outdated' }
  | { readonly kind: 'later'; readonly at: Date }
  /** The wave is paused. */
  | { readonly kind: 'wait' };

/** Decides it at the moment of sending, on what holds then. */
export function decideLeave(
  now: Date,
  facts: {
    readonly wave: Parameters<typeof hoursOf>[0];
    readonly residualYen: bigint;
    readonly deadlineAt: Date;
    readonly frozen: boolean;
    readonly optedOut: boolean;
    readonly reminder: { readonly step: ReminderStep; readonly lastDay: string } | null;
  },
): Leave {
  const { wave, deadlineAt, reminder } = facts;
  if (wave.state === 'stopped' || facts.residualYen <= 0n || now >= deadlineAt || facts.frozen) return { kind: 'outdated' };
  if (reminder) {
    const isOfToday = reminderStep(now, deadlineAt) === reminder.step && japanDay(lastMoment(deadlineAt)) === reminder.lastDay;
    if (facts.optedOut || !isOfToday) return { kind: 'outdated' };
  }
  if (wave.state === 'paused') return { kind: 'wait' };
  const hours = hoursOf(wave, now);
  const end = openUntil(now, hours);
  if (end !== null) return { kind: 'go', notAfter: notAfter(end, deadlineAt) };
  // What was queued on the last day goes out on the next morning rather than never; a reminder has its day.
  const at = opensAt(now, reminder ? hours : { ...hours, untilOn: '9999-12-31' });
  return at === null ? { kind: 'outdated' } : { kind: 'later', at };
}
