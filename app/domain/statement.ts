import { z } from 'zod';
import { readYen, type Yen } from './yen';

/** How a provider's statement is laid out: which column holds what, and how a cancellation is written. */
export const statementMap = z.object({
  /** Heading of the column with their id of the issue, or with the key that we sent. */
  reference: z.string().min(1).max(100),
  yen: z.string().min(1).max(100),
  /** Empty: the file has none. */
  at: z.string().max(100),
  kind: z.string().max(100),
  /** What stands in the column of kinds for a cancellation. */
  cancelled: z.string().max(100),
});
export type StatementMap = z.infer<typeof statementMap>;

/** What is proposed until somebody has said otherwise: the headings of the sample. */
export const USUAL_MAP: StatementMap = { reference: '取引番号', yen: '金額', at: '発行日時', kind: '区分', cancelled: '取消' };

export interface StatementLine {
  readonly reference: string;
  readonly yen: Yen;
  readonly at: Date | null;
  readonly kind: 'issued' | 'cancelled';
}

export type StatementProblem = 'reference_missing' | 'reference_too_long' | 'yen' | 'at';

/** Which columns are missing in a header; empty when the map fits. */
export function missingColumns(header: readonly string[], map: StatementMap): string[] {
  const known = new Set(header.map((heading) => heading.trim()));
  return [map.reference, map.yen, map.at, map.kind].filter((heading) => heading !== '' && !known.has(heading));
}

/** Reads a row of a statement, or says what is wrong with it. */
export function readStatementRow(
  cells: readonly string[],
  header: readonly string[],
  map: StatementMap,
): { ok: true; line: StatementLine } | { ok: false; problem: StatementProblem } {
  const cell = (heading: string) => (heading === '' ? '' : (cells[header.findIndex((own) => own.trim() === heading)] ?? '').trim());
  const reference = cell(map.reference);
  if (reference === '') return { ok: false, problem: 'reference_missing' };
  if (reference.length > 200) return { ok: false, problem: 'reference_too_long' };
  // Some providers list a cancellation with a minus sign.
  const yen = readYen(cell(map.yen).replace(/^[-−]/, ''));
  if (!yen.ok) return { ok: false, problem: 'yen' };
  const at = map.at === '' || cell(map.at) === '' ? null : readInstant(cell(map.at));
  if (at === undefined) return { ok: false, problem: 'at' };
  const cancelled = map.kind !== '' && map.cancelled !== '' && cell(map.kind) === map.cancelled;
  return { ok: true, line: { reference, yen: yen.yen, at, kind: cancelled ? 'cancelled' : 'issued' } };
}

/** A time as statements write it, in Japan unless it says otherwise; undefined when it is none. */
export function readInstant(text: string): Date | undefined {
  const plain = text.normalize('NFKC').trim().replaceAll('/', '-').replace(' ', 'T');
  const match = /^(\d{4})-(\d{1,2})-(\d{1,2})(?:T(\d{1,2}):(\d{2})(?::(\d{2}))?)?(Z|[+-]\d{2}:?\d{2})?$/.exec(plain);
  if (!match) return undefined;
  const [, year, month = '', day = '', hour = '0', minute = '00', second = '00', zone = '+09:00'] = match;
  const two = (part: string) => part.padStart(2, '0');
  const at = new Date(`${year}-${two(month)}-${two(day)}T${two(hour)}:${minute}:${second}${zone}`);
  return Number.isNaN(at.getTime()) ? undefined : at;
}
