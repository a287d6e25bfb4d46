import { NumberSet } from './number-set';

/** What all files of records share: how their columns are found, how problems are told, how identifiers are read. Pure. */

export interface ProblemText<Column extends string> {
  /** The column it is about; null for the record as a whole. */
  readonly column: Column | null;
  readonly ja: string;
  readonly en: string;
}

/** Where each column stands in a file. */
export type Layout<Column extends string> = Readonly<Record<Column, number>> & { readonly width: number };

export type HeaderProblem = { readonly kind: 'missing' | 'unknown' | 'twice'; readonly column: string };

/** Verdict on one record. `number` is what stands in the file, for naming the record; it may be anything. */
export type Verdict<Row, Problem extends string> =
  | { readonly ok: true; readonly row: Row }
  | { readonly ok: false; readonly number: string; readonly problems: readonly Problem[] };

/** Finds the columns by their headings. Every column must be there, once, and no other. */
export function readHeader<Column extends string>(
  columns: Readonly<Record<Column, string>>,
  record: readonly string[],
): { ok: true; layout: Layout<Column> } | { ok: false; problems: HeaderProblem[] } {
  const headings = record.map((heading) => heading.normalize('NFKC').trim());
  const names = Object.entries(columns) as [Column, string][];
  const known = new Set<string>(names.map(([, heading]) => heading));
  const problems: HeaderProblem[] = [];
  for (const [, heading] of names) if (!headings.includes(heading)) problems.push({ kind: 'missing', column: heading });
  headings.forEach((heading, at) => {
    if (!known.has(heading)) problems.push({ kind: 'unknown', column: heading.slice(0, 40) });
    else if (headings.indexOf(heading) !== at) problems.push({ kind: 'twice', column: heading });
  });
  if (problems.length > 0) return { ok: false, problems };
  const at = Object.fromEntries(names.map(([column, heading]) => [column, headings.indexOf(heading)])) as Record<Column, number>;
  return { ok: true, layout: { ...at, width: headings.length } };
}

/** Judges the records of one file in their order. */
export interface RecordJudge<Row, Problem extends string> {
  judge(record: readonly string[]): Verdict<Row, Problem>;
}

/** What every kind of record can have wrong. */
export const RECORD_PROBLEMS = {
  too_many_columns: { column: null, ja: '列が見出しより多くあります', en: 'the record has more columns than the header' },
  too_few_columns: { column: null, ja: '列が見出しより少ないです', en: 'the record has fewer columns than the header' },
} as const;

/**
 * Makes a judge for one file; it remembers the numbers it has seen.
 * @param read reads a record of the right width and adds what is wrong with it
 * @param sameAs what makes two numbers the same one
 */
export function recordJudge<Column extends string, Row extends { readonly number: string }, Problem extends string>(
  layout: Layout<Column | 'number'>,
  read: (cell: (column: Column) => string, problems: Problem[]) => Row,
  sameAs: (number: string) => string = (number) => number,
): RecordJudge<Row, Problem | keyof typeof RECORD_PROBLEMS | 'number_twice'> {
  const seen = new NumberSet();
  return {
    judge(record) {
      if (record.length !== layout.width) {
        const number = (record[layout.number] ?? '').trim();
        // The columns may be shifted: nothing else of the record can be believed.
        return { ok: false, number, problems: [record.length > layout.width ? 'too_many_columns' : 'too_few_columns'] };
      }
      const problems: (Problem | 'number_twice')[] = [];
      const row = read((column) => record[layout[column]] ?? '', problems as Problem[]);
      // A number counts as used even when its record is bad: which of the two is meant, nobody can say.
      if (row.number !== '' && !seen.add(sameAs(row.number))) problems.push('number_twice');
      return problems.length > 0 ? { ok: false, number: row.number, problems } : { ok: true, row };
    },
  };
}

/** An inquiry number (お問合せ番号) as it is printed on a coupon. */
export const INQUIRY_NUMBER = /^[A-Za-z0-9][A-Za-z0-9-]{0,29}$/;

/** Full-width letters are understood; a line break is kept, so that it is noticed. */
export function identifier(text: string): string {
  return text.normalize('NFKC').replace(/^ +| +$/g, '');
}
