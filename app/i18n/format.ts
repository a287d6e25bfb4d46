/**
 * Numbers, days and times as the pages write them, always in Japan time. The formatters are made once:
 * making one costs more than rendering a page.
 */
const ENGLISH_DIGITS = new Intl.NumberFormat('en');
const PARTS = {
  ja: new Intl.DateTimeFormat('ja-JP', { timeZone: 'Asia/Tokyo', year: 'numeric', month: 'long', day: 'numeric', weekday: 'short' }),
  en: new Intl.DateTimeFormat('en-GB', { timeZone: 'Asia/Tokyo', year: 'numeric', month: 'long', day: 'numeric', weekday: 'long' }),
};
const STAMP = {
  ja: new Intl.DateTimeFormat('ja-JP', { timeZone: 'Asia/Tokyo', month: 'numeric', day: 'numeric' }),
  en: new Intl.DateTimeFormat('en-GB', { timeZone: 'Asia/Tokyo', month: 'short', day: 'numeric' }),
};
const SECONDS = new Intl.DateTimeFormat('en-GB', {
  timeZone: 'Asia/Tokyo',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
});
const MONTH_DAY = new Intl.DateTimeFormat('en-US', { timeZone: 'Asia/Tokyo', month: 'numeric', day: 'numeric' });
const TIME = new Intl.DateTimeFormat('en-GB', { timeZone: 'Asia/Tokyo', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });

/** What stands before and behind an amount. */
export const YEN_SIGNS = { ja: ['', '円'], en: ['¥', ''] } as const;

/** 1357 → 1,357 */
export function digits(yen: bigint | number): string {
  return ENGLISH_DIGITS.format(yen);
}

/** 23:59 */
export function formatTime(at: Date): string {
  return TIME.format(at);
}

/** 5/31, in Japan. */
export function formatMonthDay(at: Date): string {
  return MONTH_DAY.format(at);
}

/** A calendar day in Japan, from an instant or from YYYY-MM-DD. */
export function formatDay(language: 'ja' | 'en', at: Date | string): string {
  const date = typeof at === 'string' ? new Date(`${at}T00:00:00+09:00`) : at;
  const part: Partial<Record<Intl.DateTimeFormatPartTypes, string>> = {};
  for (const { type, value } of PARTS[language].formatToParts(date)) part[type] = value;
  return language === 'ja'
    ? `${part.year}年${part.month?.replace('月', '')}月${part.day}日（${part.weekday}）`
    : `${part.weekday} ${part.day} ${part.month} ${part.year}`;
}

/** The same without its year, for lists of days that are near. */
export function formatShortDay(language: 'ja' | 'en', at: Date | string): string {
  const day = formatDay(language, at);
  return language === 'ja' ? day.replace(/^\d+年/, '') : day.replace(/ \d+$/, '');
}

/** A day with its time. */
export function formatMoment(language: 'ja' | 'en', at: Date): string {
  return language === 'ja' ? `${formatDay('ja', at)}${formatTime(at)}` : `${formatDay('en', at)}, ${formatTime(at)} (Japan time)`;
}

/** A moment in a table: day without year, time to the second. */
export function formatStamp(language: 'ja' | 'en', at: Date): string {
  return `${STAMP[language].format(at)} ${SECONDS.format(at)}`;
}
