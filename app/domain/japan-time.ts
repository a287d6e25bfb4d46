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

/** Whether it is a day as forms and addresses write it, YYYY-MM-DD, and of this century: the database has no year 0, and no programme others. */
export function isDay(text: string): boolean {
  return /^20\d{2}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text)) && new Date(text).toISOString().startsWith(text);
}

const WRITTEN = /^(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?:[T ](\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d{1,3})\d*)?)?(Z|[+-]\d{2}:?\d{2})?)?$/;

/** An instant as it is written in a file, and how finely. Without an offset it is Japan's time. */
export interface WrittenTime {
  readonly at: Date;
  readonly precision: 'day' | 'minute' | 'second';
}

/** Reads `2023-02-24T23:59:59+09:00`, `2023/2/24 23:59` or `2023-02-24`; null when it is none or no such day exists. */
export function readWrittenTime(text: string): WrittenTime | null {
  const match = WRITTEN.exec(text.normalize('NFKC').trim());
  if (!match) return null;
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])];
  const [hour, minute, second] = [Number(match[4] ?? 0), Number(match[5] ?? 0), Number(match[6] ?? 0)];
  if (hour > 23 || minute > 59 || second > 59) return null;
  const local = new Date(Date.UTC(year, month - 1, day, hour, minute, second, Number((match[7] ?? '0').padEnd(3, '0'))));
  if (local.getUTCMonth() !== month - 1 || local.getUTCDate() !== day || year < 1900) return null;
  const at = new Date(local.getTime() - offsetMs(match[8]));
  return { at, precision: match[4] === undefined ? 'day' : match[6] === undefined ? 'minute' : 'second' };
}

function offsetMs(text: string | undefined): number {
  if (text === undefined) return JAPAN_OFFSET_MS;
  if (text === 'Z') return 0;
  const digits = text.replace(/\D/g, '');
  return (text.startsWith('-') ? -1 : 1) * (Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2))) * 60_000;
}

/** "Until" as written becomes the exclusive instant: the next second, minute or day in Japan. */
export function exclusiveEnd({ at, precision }: WrittenTime): Date {
  const unit = { day: DAY_MS, minute: 60_000, second: 1_000 }[precision];
  return precision === 'day' ? new Date(at.getTime() + DAY_MS) : new Date((Math.floor(at.getTime() / unit) + 1) * unit);
}
