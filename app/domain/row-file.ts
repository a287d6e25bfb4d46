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

/** An inquiry number (お問合せ番号) as it is printed on a coupon. */
export const INQUIRY_NUMBER = /^[A-Za-z0-9][A-Za-z0-9-]{0,29}$/;

/** Full-width letters are understood; a line break is kept, so that it is noticed. */
export function identifier(text: string): string {
  return text.normalize('NFKC').replace(/^ +| +$/g, '');
}
