/** What a spreadsheet would run as a formula, also behind blanks and in full width. */
const FORMULA = /^\s*[=+\-@＝＋－＠\t\r]/;

/** What Excel in Japan needs at a file's start to read it as UTF-8. */
export const CSV_BOM = '\ufeff';

/** Numbers are ours and stay numbers (also negative ones); texts may have been written by anybody. */
export type CsvValue = string | number | bigint | null;

/**
 * One cell of a CSV file that people open in a spreadsheet: formulas are neutralised with an apostrophe,
 * quotes and line breaks are quoted. Use it for every export that holds what others wrote.
 */
export function csvCell(value: CsvValue): string {
  if (value === null) return '';
  if (typeof value !== 'string') return String(value);
  const safe = FORMULA.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** One record, with its line break (CRLF). */
export function csvRecord(cells: readonly CsvValue[]): string {
  return `${cells.map(csvCell).join(',')}\r\n`;
}
