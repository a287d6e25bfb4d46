import path from 'node:path';
import { appendAudit } from '#db/audit';
import { type Bulk, type BulkTrx, refreshStatistics, tryLock } from '#db/bulk';
import { type CampaignTerms, findCampaign, holdCampaign } from '#db/campaigns';
import { findImport, finishImport, insertImport, type PastImport } from '#db/imports';
import type { Database, ImportKind } from '#db/schema';
import { sqlState } from '#db/transaction';
import type { HeaderProblem, ProblemText, Verdict } from '../../domain/row-file';
import type { Yen } from '../../domain/yen';
import type { Portal } from '../../portal';
import { type FileFacts, type FileTrouble, inspectFile, isBlank, readCsv, UnreadableFile } from './csv-file';
import { RejectedRows } from './rejected-rows';

/** What every import of a file of records is asked for. */
export interface FileImport {
  readonly campaignId: string;
  readonly file: string;
  readonly actor: string;
  /** Judges everything and writes nothing into the database. */
  readonly dryRun?: boolean;
  /** Imports the good rows of a file that also has bad ones. */
  readonly skipBad?: boolean;
  /** Where the rejected rows are written; null for nowhere. */
  readonly rejectedFile: string | null;
  readonly onProgress?: (progress: { doneBytes: number; totalBytes: number; rows: number }) => void;
  /** Ends the import; the transaction is rolled back and the signal's reason thrown. */
  readonly signal?: AbortSignal;
}

/** What a file holds. Yen of accepted rows only. */
export interface FileCounts<Problem extends string> {
  readonly rows: number;
  readonly accepted: number;
  readonly rejected: number;
  /** Rows whose record stands already and was compared. */
  readonly standing: number;
  readonly totalYen: Yen;
  /** How often each problem occurs. */
  readonly problems: Readonly<Partial<Record<Problem, number>>>;
  /** The first rejected rows, for the screen; all of them are in the rejected-rows file. */
  readonly examples: readonly { readonly row: number; readonly number: string; readonly problems: readonly Problem[] }[];
  readonly rejectedFile: string | null;
}

export type FileImportResult<Problem extends string> =
  | ({ readonly kind: 'imported'; readonly importId: string } & FileCounts<Problem>)
  /** A dry run. */
  | ({ readonly kind: 'checked' } & FileCounts<Problem>)
  /** Rows were bad (or none was good) and nothing was written. */
  | ({ readonly kind: 'rejected' } & FileCounts<Problem>)
  /** The very same file was imported before; nothing was written. */
  | { readonly kind: 'repeated'; readonly past: PastImport }
  | { readonly kind: 'refused'; readonly reason: 'campaign_unknown' | 'busy' | 'no_rows' | 'collision' | 'cut_off' }
  | { readonly kind: 'refused'; readonly reason: 'file'; readonly trouble: FileTrouble; readonly row?: number }
  | { readonly kind: 'refused'; readonly reason: 'header'; readonly header: readonly HeaderProblem[] };

export type ImportPortal = Pick<Portal, 'db' | 'clock' | 'crypto'> & { readonly bulk: Bulk };

/** What an import has been opened with. */
export interface OpenImport {
  readonly campaign: CampaignTerms;
  readonly importId: string;
  readonly actor: string;
  readonly at: Date;
}

/** A row that only the database could judge: rejected after it was handed on. */
export interface LateReject<Problem extends string> {
  readonly row: number;
  readonly number: string;
  readonly yen: Yen;
  readonly problem: Problem;
}

/** Takes the good rows of a file and writes them. */
export interface RowWriter<Row, Problem extends string> {
  add(row: Row, at: number): Promise<void>;
  /** Everything has been added: the rows that the database refuses, if it judges any. */
  judge?(): AsyncIterable<LateReject<Problem>>;
  /** Writes what is left and waits for it. */
  finish(): Promise<void>;
  /** Waits until nothing is being written, whatever came of it: the transaction must not end under a COPY. */
  settle(): Promise<void>;
}

/** One kind of file: its columns, its rules, and where its rows go. */
export interface FileKind<Row extends { readonly number: string }, Problem extends string> {
  readonly kind: ImportKind;
  readonly columns: Readonly<Record<string, string>>;
  /** The heading of the column that names a record. */
  readonly numberHeading: string;
  readonly problems: Readonly<Record<Problem, ProblemText<string>>>;
  readHeader(
    record: readonly string[],
    campaign: CampaignTerms,
  ): { ok: true; judge: { judge(record: readonly string[]): Verdict<Row, Problem> } } | { ok: false; problems: HeaderProblem[] };
  /** Finds which numbers the campaign has already; null when it has none at all. Left out when the writer judges that. */
  readonly existing?: {
    open(campaignId: string): Promise<((numbers: readonly string[]) => Promise<ReadonlySet<string>>) | null>;
    /** What becomes of a row whose number is there: a problem, or it is compared with what stands. */
    readonly known: Problem | ((row: Row, at: number) => Promise<void>);
  };
  /** Finds what else the campaign has against rows that are good by themselves; null when it cannot have anything. */
  readonly against?: (campaignId: string) => Promise<((rows: readonly Row[]) => Promise<(row: Row) => Problem | null>) | null>;
  yenOf(row: Row): Yen;
  /** Rows go to the writer also in a dry run, and after a bad one: it judges them, too. */
  readonly writerJudges?: boolean;
  openWriter(bulk: BulkTrx, open: OpenImport): Promise<RowWriter<Row, Problem>>;
  /** Why this kind of file is not taken now. */
  refusal?(bulk: BulkTrx, campaign: CampaignTerms): Promise<'cut_off' | null>;
  /** What else stands in the audit entry of a file with rows that stood already. */
  detail?(): Readonly<Record<string, number>>;
  /** Filled by it: counted anew for the planner. */
  readonly tables: readonly (keyof Database)[];
}

const EXAMPLES = 20;

/** Thrown inside the transaction, so that it is rolled back. */
class NothingImported<Problem extends string> extends Error {
  constructor(readonly result: FileImportResult<Problem>) {
    super('nothing imported');
  }
}

/**
 * Imports a file of records in one transaction. A file is taken as a whole or not at all, unless bad rows are to be
 * skipped; the same file a second time changes nothing. Memory does not grow with the file, but for its numbers.
 */
export async function importFile<Row extends { readonly number: string }, Problem extends string>(
  portal: ImportPortal,
  kind: FileKind<Row, Problem>,
  input: FileImport,
): Promise<FileImportResult<Problem>> {
  const rejected = new RejectedRows(input.rejectedFile, ['行', kind.numberHeading, '列', '問題']);
  try {
    const campaign = await findCampaign(portal.db, input.campaignId);
    if (!campaign) return { kind: 'refused', reason: 'campaign_unknown' };
    const facts = await inspectFile(input.file, input.signal);
    const past = await findImport(portal.db, { campaignId: campaign.id, kind: kind.kind, digest: facts.digest });
    if (past) return { kind: 'repeated', past };
    const readingFor = (terms: CampaignTerms) => new Reading(kind, input, { campaign: terms, facts, rejected });
    if (input.dryRun && !kind.writerJudges) {
      const reading = readingFor(campaign);
      await reading.run(null);
      return { kind: 'checked', ...(await reading.counts()) };
    }
    return await portal.bulk.transaction(async (bulk) => {
      // Its deadline and ceiling stand still from here on: a grant with the deadline of before would lapse early.
      const held = await holdCampaign(bulk.trx, campaign.id);
      if (!held) throw new NothingImported({ kind: 'refused', reason: 'campaign_unknown' });
      return importInto(portal, bulk, { kind, input, campaign: held, facts, reading: readingFor(held) });
    });
  } catch (error) {
    if (error instanceof NothingImported) return error.result as FileImportResult<Problem>;
    if (error instanceof UnreadableFile) return { kind: 'refused', reason: 'file', trouble: error.trouble, row: error.row };
    // Someone else wrote the same number or the same file while this was under way.
    if (sqlState(error) === '23505') return { kind: 'refused', reason: 'collision' };
    throw error;
  } finally {
    await rejected.close();
  }
}

async function importInto<Row extends { readonly number: string }, Problem extends string>(
  portal: ImportPortal,
  bulk: BulkTrx,
  of: {
    kind: FileKind<Row, Problem>;
    input: FileImport;
    campaign: CampaignTerms;
    facts: FileFacts;
    reading: Reading<Row, Problem>;
  },
): Promise<FileImportResult<Problem>> {
  const { kind, input, campaign, facts, reading } = of;
  if (!(await tryLock(bulk.trx, `import ${kind.kind} ${campaign.id}`))) throw new NothingImported({ kind: 'refused', reason: 'busy' });
  const no = await kind.refusal?.(bulk, campaign);
  if (no) throw new NothingImported({ kind: 'refused', reason: no });
  const at = portal.clock.now();
  const importId = portal.crypto.newId(at);
  const { actor } = input;
  const opened = { id: importId, campaignId: campaign.id, kind: kind.kind, fileName: path.basename(input.file), digest: facts.digest };
  await insertImport(bulk.trx, { ...opened, actor, at });
  const writer = await kind.openWriter(bulk, { campaign, importId, actor, at });
  try {
    await reading.run(writer);
    if (writer.judge) await reading.rejectLate(writer.judge());
    if (!reading.refused && !input.dryRun) await writer.finish();
  } finally {
    await writer.settle();
  }
  input.signal?.throwIfAborted();
  const counts = await reading.counts();
  if (input.dryRun) throw new NothingImported({ kind: 'checked', ...counts });
  if (reading.refused) throw new NothingImported({ kind: 'rejected', ...counts });
  await finishImport(bulk.trx, importId, counts);
  await refreshStatistics(bulk.trx, kind.tables);
  await appendAudit(bulk.trx, {
    id: portal.crypto.newId(at),
    campaignId: campaign.id,
    at,
    actor,
    act: `${kind.kind}.import`,
    subjectKind: 'import',
    subjectId: importId,
    detail: {
      rows: counts.rows,
      accepted: counts.accepted,
      rejected: counts.rejected,
      yen: Number(counts.totalYen),
      ...(counts.standing > 0 && kind.detail?.()),
    },
  });
  return { kind: 'imported', importId, ...counts };
}

/** Goes through a file once: judges every record, counts, names the bad ones and hands on the good ones. */
class Reading<Row extends { readonly number: string }, Problem extends string> {
  private judge: { judge(record: readonly string[]): Verdict<Row, Problem> } | null = null;
  private rows = 0;
  private accepted = 0;
  private rejectedRows = 0;
  private standing = 0;
  private totalYen = 0n;
  private readonly problems: Partial<Record<Problem, number>> = {};
  private readonly examples: { row: number; number: string; problems: readonly Problem[] }[] = [];

  constructor(
    private readonly kind: FileKind<Row, Problem>,
    private readonly input: FileImport,
    private readonly of: { campaign: CampaignTerms; facts: FileFacts; rejected: RejectedRows },
  ) {}

  /** Whether the file will not be imported. */
  get refused(): boolean {
    return this.accepted + this.standing === 0 || (this.rejectedRows > 0 && !this.input.skipBad);
  }

  async run(writer: RowWriter<Row, Problem> | null): Promise<void> {
    const { campaign, facts } = this.of;
    const { signal, file, onProgress, skipBad } = this.input;
    const { existing } = this.kind;
    const find = (await existing?.open(campaign.id)) ?? null;
    const ask = (await this.kind.against?.(campaign.id)) ?? null;
    for await (const piece of readCsv(file, facts, signal)) {
      const good = await this.judgePiece(piece.records, piece.firstRow);
      const there = find ? await find([...good.values()].map((row) => row.number)) : null;
      const against = ask ? await ask([...good.values()]) : null;
      for (const [at, row] of good) {
        const problem = against?.(row) ?? null;
        if (problem) {
          await this.reject(at, row.number, [problem]);
          continue;
        }
        if (existing && there?.has(row.number)) {
          if (typeof existing.known === 'function') {
            this.standing += 1;
            await existing.known(row, at);
          } else await this.reject(at, row.number, [existing.known]);
          continue;
        }
        this.accepted += 1;
        this.totalYen += this.kind.yenOf(row);
        // Once a file is known to be refused, the rest is only judged.
        if (this.rejectedRows === 0 || skipBad || this.kind.writerJudges) await writer?.add(row, at);
      }
      onProgress?.({ doneBytes: piece.doneBytes, totalBytes: facts.bytes, rows: this.rows });
    }
    if (this.rows === 0) throw new NothingImported<Problem>({ kind: 'refused', reason: 'no_rows' });
  }

  /** Takes back rows that were good by themselves. */
  async rejectLate(late: AsyncIterable<LateReject<Problem>>): Promise<void> {
    for await (const { row, number, yen, problem } of late) {
      this.accepted -= 1;
      this.totalYen -= yen;
      await this.reject(row, number, [problem]);
    }
  }

  async counts(): Promise<FileCounts<Problem>> {
    return {
      rows: this.rows,
      accepted: this.accepted,
      rejected: this.rejectedRows,
      standing: this.standing,
      totalYen: this.totalYen,
      problems: this.problems,
      examples: this.examples,
      rejectedFile: await this.of.rejected.close(),
    };
  }

  private async judgePiece(records: readonly string[][], firstRow: number): Promise<Map<number, Row>> {
    const good = new Map<number, Row>();
    for (const [index, record] of records.entries()) {
      if (!this.judge) {
        const header = this.kind.readHeader(record, this.of.campaign);
        if (!header.ok) throw new NothingImported<Problem>({ kind: 'refused', reason: 'header', header: header.problems });
        this.judge = header.judge;
        continue;
      }
      if (isBlank(record)) continue;
      this.rows += 1;
      const verdict = this.judge.judge(record);
      if (verdict.ok) good.set(firstRow + index, verdict.row);
      else await this.reject(firstRow + index, verdict.number, verdict.problems);
    }
    return good;
  }

  private async reject(row: number, number: string, problems: readonly Problem[]): Promise<void> {
    this.rejectedRows += 1;
    const shown = number.slice(0, 40);
    if (this.examples.length < EXAMPLES) this.examples.push({ row, number: shown, problems });
    for (const problem of problems) {
      this.problems[problem] = (this.problems[problem] ?? 0) + 1;
      const { column, ja } = this.kind.problems[problem];
      await this.of.rejected.write([String(row), shown, column ? (this.kind.columns[column] ?? '') : '', ja]);
    }
  }
}
