const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
/** Hours to take off to reach UTC. Only zones that a Japanese or a UTC server prints. */
const ZONES: Readonly<Record<string, number>> = { UTC: 0, GMT: 0, JST: 9 };
const JAPAN_MS = 9 * 3_600_000;
const JAVA_DATE = /^[A-Z][a-z]{2} ([A-Z][a-z]{2}) (\d{2}) (\d{2}):(\d{2}):(\d{2}) ([A-Z]{3}) (\d{4})$/;

/**
 * Reads the Java-style date of `gcExpirationDate` (`Thu Jun 10 14:59:59 UTC 2032`).
 *
 * @returns the last day on which the code can be used in Japan (YYYY-MM-DD), or undefined when the text is no such date
 */
export function lastDayInJapan(text: string): string | undefined {
  const [, monthName = '', day = '', hour = '', minute = '', second = '', zone = '', year = ''] = JAVA_DATE.exec(text) ?? [];
  const month = MONTHS.indexOf(monthName);
  const offset = ZONES[zone];
  if (month < 0 || offset === undefined || +hour > 23 || +minute > 59 || +second > 59) return undefined;
  const local = Date.UTC(+year, month, +day, +hour, +minute, +second);
  if (new Date(local).getUTCDate() !== +day) return undefined;
  // Midnight as an end belongs to the day before, hence the millisecond.
  return new Date(local - offset * 3_600_000 + JAPAN_MS - 1).toISOString().slice(0, 10);
}
