/** Japan has one time zone and no summer time. */
const JAPAN_OFFSET_MS = 9 * 3_600_000;
const DAY_MS = 86_400_000;

/** The calendar day in Japan, YYYY-MM-DD. */
export function japanDay(at: Date): string {
  return japanClock(at).slice(0, 10);
}

/** An instant as people in Japan read it: 2023-05-31 23:59:59. */
export function japanTime(at: Date): string {
  return japanClock(at).slice(0, 19).replace('T', ' ');
}

/** Days in Japan counted from a fixed one, to be subtracted from each other. */
export function japanDayNumber(at: Date): number {
  return Math.floor((at.getTime() + JAPAN_OFFSET_MS) / DAY_MS);
}

function japanClock(at: Date): string {
  return new Date(at.getTime() + JAPAN_OFFSET_MS).toISOString();
}

/** Midnight in Japan before an instant. */
export function japanMidnight(at: Date): Date {
  return new Date(japanDayNumber(at) * DAY_MS - JAPAN_OFFSET_MS);
}
