import { appendAudit } from '#db/audit';
import type { Bulk } from '#db/bulk';
import { insertStatementLines, matchStatement } from '#db/statements';
import { sqlState } from '#db/transaction';
import { isDay } from '../domain/japan-time';
import {
  missingColumns,
  readStatementRow,
  type StatementLine,
  type StatementMap,
  type StatementProblem,
  statementMap,
} from '../domain/statement';
import type { Portal } from '../portal';
import { type FileTrouble, inspectFile, isBlank, readCsv, UnreadableFile } from './parts/csv-file';

const BATCH = 1_000;
const NAMED_ROWS = 100;
const DAY_MS = 86_400_000;

export interface StatementLoad {
  readonly staffId: string;
  readonly campaignId: string;
  readonly provider: string;
  readonly file: string;
  readonly fileName: string;
  readonly map: StatementMap;
  /** Days in Japan that the file covers, both inclusive; YYYY-MM-DD. */
  readonly from: string;
  readonly until: string;
}

export type StatementLoaded =
  | { readonly kind: 'matched'; readonly statementId: string }
  | { readonly kind: 'repeated'; readonly statementId: string }
  | { readonly kind: 'refused'; readonly reason: 'file'; readonly trouble: FileTrouble }
  | { readonly kind: 'refused'; readonly reason: 'period' | 'map' | 'no_rows' }
  | { readonly kind: 'refused'; readonly reason: 'columns'; readonly missing: readonly string[]; readonly header: readonly string[] }
  | {
      readonly kind: 'rejected';
      readonly rejected: number;
      readonly rows: readonly { readonly row: number; readonly problem: StatementProblem }[];
    };

/** A refusal after something was written must undo it. */
class Undo extends Error {
  constructor(readonly result: StatementLoaded) {
    super('undo');
  }
}

/**
 * Takes in a provider's statement and matches it with attempts and ledger, all or nothing. The same file twice is
 * recognised; the columns are remembered for the next one. Lines are streamed: memory stays flat.
 */
export async function loadStatement(portal: Portal & { readonly bulk: Bulk }, input: StatementLoad): Promise<StatementLoaded> {
  const map = statementMap.safeParse(input.map);
  if (!map.success) return { kind: 'refused', reason: 'map' };
  const [from, until] = [startOf(input.from), startOf(input.until)];
  if (!from || !until || until < from) return { kind: 'refused', reason: 'period' };
  try {
    const facts = await inspectFile(input.file);
    const known = await portal.db
      .selectFrom('statements')
      .select('id')
      .where('campaign_id', '=', input.campaignId)
      .where('provider', '=', input.provider)
      .where('file_digest', '=', facts.digest)
      .executeTakeFirst();
    if (known) return { kind: 'repeated', statementId: known.id };
    return await portal.bulk.transaction(async ({ trx }) => {
      const now = portal.clock.now();
      const id = portal.crypto.newId(now);
      const read = await readAll(input.file, facts, map.data);
      if (read.kind !== 'read') throw new Undo(read);
      await trx
        .insertInto('statements')
        .values({
          id,
          campaign_id: input.campaignId,
          provider: input.provider,
          file_name: input.fileName.slice(0, 200),
          file_digest: facts.digest,
          from_at: from,
          until_at: new Date(until.getTime() + DAY_MS),
          row_count: read.rows,
          total_yen: read.totalYen,
          uploaded_by: input.staffId,
          at: now,
        })
        .execute();
      // Read a second time, a piece at a time: the first reading only judged.
      let position = 1;
      for await (const lines of linesOf(input.file, facts, map.data)) {
        await insertStatementLines(trx, { statementId: id, first: position, lines });
        position += lines.length;
      }
      const matched = await matchStatement(trx, { statementId: id, newId: () => portal.crypto.newId(now), now });
      await trx.updateTable('statements').set({ matched_at: now, matched_count: matched }).where('id', '=', id).execute();
      const columns = JSON.stringify(map.data);
      await trx
        .insertInto('statement_maps')
        .values({ provider: input.provider, columns, set_by: input.staffId, set_at: now })
        .onConflict((oc) => oc.column('provider').doUpdateSet({ columns, set_by: input.staffId, set_at: now }))
        .execute();
      await appendAudit(trx, {
        id: portal.crypto.newId(now),
        campaignId: input.campaignId,
        at: now,
        actor: `staff:${input.staffId}`,
        act: 'statement.load',
        subjectKind: 'statement',
        subjectId: id,
        detail: { provider: input.provider, rows: read.rows, yen: Number(read.totalYen), matched },
      });
      return { kind: 'matched', statementId: id };
    });
  } catch (error) {
    if (error instanceof Undo) return error.result;
    if (error instanceof UnreadableFile) return { kind: 'refused', reason: 'file', trouble: error.trouble };
    // The same file at the same moment.
    if (sqlState(error) === '23505') return loadStatement(portal, input);
    throw error;
  }
}

type Read = { readonly kind: 'read'; readonly rows: number; readonly totalYen: bigint } | Exclude<StatementLoaded, { kind: 'matched' }>;

async function readAll(file: string, facts: Parameters<typeof readCsv>[1], map: StatementMap): Promise<Read> {
  let header: string[] | null = null;
  let [rows, totalYen, rejected] = [0, 0n, 0];
  const named: { row: number; problem: StatementProblem }[] = [];
  for await (const piece of readCsv(file, facts)) {
    for (const [index, record] of piece.records.entries()) {
      if (!header) {
        header = record;
        const missing = missingColumns(header, map);
        if (missing.length > 0) return { kind: 'refused', reason: 'columns', missing, header: header.slice(0, 40) };
        continue;
      }
      if (isBlank(record)) continue;
      rows += 1;
      const read = readStatementRow(record, header, map);
      if (read.ok) totalYen += read.line.kind === 'issued' ? read.line.yen : -read.line.yen;
      else {
        rejected += 1;
        if (named.length < NAMED_ROWS) named.push({ row: piece.firstRow + index, problem: read.problem });
      }
    }
  }
  if (rejected > 0) return { kind: 'rejected', rejected, rows: named };
  return rows === 0 ? { kind: 'refused', reason: 'no_rows' } : { kind: 'read', rows, totalYen };
}

async function* linesOf(file: string, facts: Parameters<typeof readCsv>[1], map: StatementMap): AsyncGenerator<StatementLine[]> {
  let header: string[] | null = null;
  let lines: StatementLine[] = [];
  for await (const piece of readCsv(file, facts)) {
    for (const record of piece.records) {
      if (!header) header = record;
      else if (!isBlank(record)) {
        const read = readStatementRow(record, header, map);
        if (read.ok) lines.push(read.line);
      }
      if (lines.length >= BATCH) {
        yield lines;
        lines = [];
      }
    }
  }
  if (lines.length > 0) yield lines;
}

function startOf(day: string): Date | null {
  return isDay(day) ? new Date(`${day}T00:00:00+09:00`) : null;
}
