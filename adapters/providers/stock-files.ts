import { CsvError, parse } from 'csv-parse/sync';
import type { StockFileSpec, StockFormat } from './port';

/** Everything that can be wrong with a row. The texts for people stand in the catalogues. */
export const STOCK_PROBLEMS = [
  'header_unknown',
  'too_few_columns',
  'too_many_columns',
  'quote_malformed',
  'row_too_long',
  'code_missing',
  'code_malformed',
  'yen_malformed',
  'yen_unexpected',
  'expiry_malformed',
  'url_malformed',
  'management_no_malformed',
  'duplicate_in_file',
] as const;
export type StockProblem = (typeof STOCK_PROBLEMS)[number];

export type StockRow =
  | {
      readonly ok: true;
      /** Line of the file on which the row begins, 1 for the headings. */
      readonly row: number;
      /** Bearer money: never log it. */
      readonly code: string;
      readonly yen: number;
      readonly managementNo?: string;
      readonly url?: string;
      /** Last day of use in Japan, YYYY-MM-DD. */
      readonly expiresOn: string;
      /** First day of use in Japan, YYYY-MM-DD. */
      readonly startsOn?: string;
    }
  | {
      readonly ok: false;
      readonly row: number;
      readonly problem: StockProblem;
      /** `duplicate_in_file`: the line that had the code first. */
      readonly firstRow?: number;
    };

type Field = 'code' | 'yen' | 'managementNo' | 'url' | 'expiresOn' | 'startsOn';

/** PayPay merchant help, point-code file; for the others the columns agreed for bought codes. */
const HEADINGS: Readonly<Record<StockFormat, Readonly<Record<string, Field>>>> = {
  charge_codes: { ChargeCode: 'code', ChargeCodeUrl: 'url', ExpiredDate_startAt: 'startsOn', ExpiredDate_endAt: 'expiresOn' },
  gift_ids: { ギフトID: 'code', 額面: 'yen', 管理番号: 'managementNo', 有効期限: 'expiresOn', URL: 'url' },
};

/** Whether a file of this format needs the face value from outside. */
export function needsFaceValue(format: StockFormat): boolean {
  return !Object.values(HEADINGS[format]).includes('yen');
}

const MAX_ROW_CHARACTERS = 4096;

/**
 * Reads a delivered stock file, row by row, as it comes in.
 *
 * Headings must all be there, in any order, and no others; a file with other headings yields one
 * `header_unknown` and ends. A malformed row is named and passed over; whether anything is then loaded is the
 * caller's decision. A problem never carries anything from the file, which may be a code.
 *
 * @param text the file, decoded; a byte-order mark is taken off
 * @param options.yen face value of every code in the file, whole yen, at least 1; demanded where the file has
 *   none (`needsFaceValue`), and compared with the file's own where it has (`yen_unexpected`)
 * @throws RangeError when the face value is needed and missing, or no whole yen. An error of `text` itself passes through.
 */
export async function* parseStockFile(
  text: AsyncIterable<string>,
  spec: StockFileSpec,
  options: { readonly yen?: number } = {},
): AsyncGenerator<StockRow, void> {
  const { yen } = options;
  if (yen === undefined ? needsFaceValue(spec.format) : !Number.isSafeInteger(yen) || yen < 1)
    throw new RangeError('face value in whole yen needed');
  const seen = new Map<string, number>();
  let columns: Field[] | undefined;
  let row = 0;
  for await (const line of lines(text)) {
    row += 1;
    const cells = line === undefined ? 'too_long' : readCells(line);
    if (cells === 'empty') continue;
    if (!columns) {
      columns = Array.isArray(cells) ? readHeadings(cells, HEADINGS[spec.format]) : undefined;
      if (columns) continue;
      yield { ok: false, row, problem: 'header_unknown' };
      return;
    }
    if (cells === 'too_long') yield { ok: false, row, problem: 'row_too_long' };
    else if (cells === 'quote_malformed') yield { ok: false, row, problem: cells };
    else yield readRow(row, columns, cells, spec, yen, seen);
  }
  if (!columns) yield { ok: false, row: 1, problem: 'header_unknown' };
}

/**
 * Cuts text into lines, whatever the chunks; a line over the limit comes as undefined. These
 * files have no quoted line breaks, so a broken quote spoils its own line and hides none of the following ones.
 */
async function* lines(text: AsyncIterable<string>): AsyncGenerator<string | undefined, void> {
  let rest = '';
  let tooLong = false;
  for await (const chunk of text) {
    const parts = (rest + chunk).split('\n');
    rest = parts.pop() ?? '';
    for (const part of parts) {
      yield tooLong || part.length > MAX_ROW_CHARACTERS ? undefined : part.replace(/\r$/, '');
      tooLong = false;
    }
    if (rest.length > MAX_ROW_CHARACTERS) {
      tooLong = true;
      rest = '';
    }
  }
  if (tooLong || rest) yield tooLong ? undefined : rest.replace(/\r$/, '');
}

function readCells(line: string): readonly string[] | 'empty' | 'quote_malformed' {
  try {
    const [cells] = parse(line, { bom: true, trim: true, skip_empty_lines: true, relax_column_count: true });
    return cells ?? 'empty';
  } catch (error) {
    if (error instanceof CsvError) return 'quote_malformed';
    throw error;
  }
}

function readHeadings(cells: readonly string[], headings: Readonly<Record<string, Field>>): Field[] | undefined {
  const fields = cells.map((cell) => (Object.hasOwn(headings, cell) ? headings[cell] : undefined));
  const known = fields.filter((field) => field !== undefined);
  const complete =
    known.length === cells.length && new Set(known).size === Object.keys(headings).length && known.length === new Set(known).size;
  return complete ? known : undefined;
}

function readRow(
  row: number,
  columns: readonly Field[],
  cells: readonly string[],
  { codePattern }: StockFileSpec,
  faceValue: number | undefined,
  seen: Map<string, number>,
): StockRow {
  const bad = (problem: StockProblem): StockRow => ({ ok: false, row, problem });
  if (cells.length < columns.length) return bad('too_few_columns');
  if (cells.length > columns.length) return bad('too_many_columns');
  const cell = (field: Field) => cells[columns.indexOf(field)] || undefined;

  const code = cell('code');
  if (!code) return bad('code_missing');
  if (!codePattern.test(code)) return bad('code_malformed');
  const firstRow = seen.get(code);
  if (firstRow !== undefined) return { ok: false, row, problem: 'duplicate_in_file', firstRow };
  seen.set(code, row);

  let yen = faceValue;
  if (columns.includes('yen')) {
    const text = cell('yen') ?? '';
    if (!/^[1-9]\d{0,6}$/.test(text)) return bad('yen_malformed');
    if (faceValue !== undefined && faceValue !== Number(text)) return bad('yen_unexpected');
    yen = Number(text);
  }
  if (yen === undefined) throw new RangeError('face value in whole yen needed');

  const expiresOn = readDay(cell('expiresOn'));
  const startText = cell('startsOn');
  const startsOn = readDay(startText);
  if (!expiresOn || (startText && !startsOn) || (startsOn && startsOn > expiresOn)) return bad('expiry_malformed');

  const url = cell('url');
  if (url && !isHttps(url)) return bad('url_malformed');
  const managementNo = cell('managementNo');
  if (managementNo && !/^[A-Za-z0-9-]{1,40}$/.test(managementNo)) return bad('management_no_malformed');
  return { ok: true, row, code, yen, managementNo, url, expiresOn, startsOn };
}

/** `2023-09-30`, `2023/9/30`: a day of the calendar, else undefined. */
function readDay(text: string | undefined): string | undefined {
  const [, year = '', month = '', day = ''] = /^(\d{4})[-/](\d{1,2})[-/](\d{1,2})$/.exec(text ?? '') ?? [];
  const iso = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  return new Date(`${iso}T00:00:00Z`).toJSON()?.startsWith(iso) ? iso : undefined;
}

function isHttps(text: string): boolean {
  return /^https:\/\/[!-~]{1,500}$/.test(text) && URL.canParse(text);
}
