/** What a spreadsheet would run as a formula, also behind blanks and in full width. */
const FORMULA = /^\s*[=+\-@＝＋－＠\t\r]/;

/**
 * One cell of a CSV file that people open in a spreadsheet: formulas are neutralised with an apostrophe,
 * quotes and line breaks are quoted. Use it for every export that holds what others wrote.
 */
export function csvCell(text: string): string {
  const safe = FORMULA.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** One record, with its line break (CRLF). */
export function csvRecord(cells: readonly string[]): string {
  return `${cells.map(csvCell).join(',')}\r\n`;
}
