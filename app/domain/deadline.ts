import { japanDayNumber } from './japan-time';

const SECOND_MS = 1_000;

/** "Until 23:59:59" as announced becomes the exclusive instant that is stored: the next full second. */
export function exclusiveDeadline(announced: Date): Date {
  return new Date((Math.floor(announced.getTime() / SECOND_MS) + 1) * SECOND_MS);
}

/** The announced last second of a stored deadline, for showing. */
export function lastMoment(deadlineAt: Date): Date {
  return new Date(deadlineAt.getTime() - SECOND_MS);
}

/** Whether something may still be chosen. The deadline itself is too late. */
export function isBeforeDeadline(now: Date, deadlineAt: Date): boolean {
  return now.getTime() < deadlineAt.getTime();
}

/** Calendar days in Japan from today to the last day: 0 on the last day, negative after it. */
export function daysLeft(now: Date, deadlineAt: Date): number {
  return japanDayNumber(lastMoment(deadlineAt)) - japanDayNumber(now);
}

/** Whether a freeze is in force: it starts at `frozenAt` and ends by itself at `frozenUntil`. */
export function isFrozen(now: Date, frozenAt: Date | null, frozenUntil: Date | null): boolean {
  return frozenAt !== null && frozenAt <= now && (frozenUntil === null || now < frozenUntil);
}
