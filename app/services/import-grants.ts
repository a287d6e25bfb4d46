import path from 'node:path';
import { appendAudit } from '#db/audit';
import { type Bulk, type BulkTrx, refreshStatistics, tryLock } from '#db/bulk';
import { type CampaignTerms, findCampaign, findGrantNumbers, hasGrants } from '#db/campaigns';
import { findImport, finishImport, insertImport, type PastImport } from '#db/imports';
import { type GrantBatch, GrantRows } from '#db/recipients';
import { sqlState } from '#db/transaction';
import {
  GRANT_COLUMNS,
  GRANT_PROBLEMS,
  type GrantJudge,
  type GrantProblem,
  type GrantRow,
  grantJudge,
  type HeaderProblem,
  readGrantHeader,
} from '../domain/grant-row';
import { grantedLegs } from '../domain/ledger';
import type { Yen } from '../domain/yen';
import type { Portal } from '../portal';
import { type FileFacts, type FileTrouble, inspectFile, isBlank, readCsv, UnreadableFile } from './parts/csv-file';
import { RejectedRows } from './parts/rejected-rows';
import { sealContact } from './parts/sealed-contact';

export interface GrantImport {
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
export interface GrantCounts {
  readonly rows: number;
  readonly accepted: number;
  readonly rejected: number;
  readonly totalYen: Yen;
  /** How often each problem occurs. */
  readonly problems: Readonly<Partial<Record<GrantProblem, number>>>;
  /** The first rejected rows, for the screen; all of them are in the rejected-rows file. */
  readonly examples: readonly { readonly row: number; readonly number: string; readonly problems: readonly GrantProblem[] }[];
  readonly rejectedFile: string | null;
}

export type GrantImportResult =
  | ({ readonly kind: 'imported'; readonly importId: string } & GrantCounts)
  /** A dry run. */
  | ({ readonly kind: 'checked' } & GrantCounts)
  /** Rows were bad (or none was good) and nothing was written. */
  | ({ readonly kind: 'rejected' } & GrantCounts)
  /** The very same file was imported before; nothing was written. */
  | { readonly kind: 'repeated'; readonly past: PastImport }
  | { readonly kind: 'refused'; readonly reason: 'campaign_unknown' | 'busy' | 'no_rows' | 'collision' }
  | { readonly kind: 'refused'; readonly reason: 'file'; readonly trouble: FileTrouble; readonly row?: number }
  | { readonly kind: 'refused'; readonly reason: 'header'; readonly header: readonly HeaderProblem[] };

type ImportPortal = Pick<Portal, 'db' | 'clock' | 'crypto'> & { readonly bulk: Bulk };

/** Grants of one journal entry and one round of COPY. */
const BATCH_ROWS = 2_000;
const EXAMPLES = 20;

/**
 * Imports a file of grants: recipients with sealed contacts, grants with their links, and the ledger's entries,
 * in one transaction. A file is taken as a whole or not at all, unless bad rows are to be skipped; the same
 * file a second time changes nothing. Memory does not grow with the file, but for the set of its grant numbers.
 */
export async function importGrants(portal: ImportPortal, input: GrantImport): Promise<GrantImportResult> {
  const rejected = new RejectedRows(input.rejectedFile, ['行', GRANT_COLUMNS.number, '列', '問題']);
  try {
    const campaign = await findCampaign(portal.db, input.campaignId);
    if (!campaign) return { kind: 'refused', reason: 'campaign_unknown' };
    const facts = await inspectFile(input.file, input.signal);
    const past = await findImport(portal.db, { campaignId: campaign.id, kind: 'grants', digest: facts.digest });
    if (past) return { kind: 'repeated', past };
    const reading = new Reading(portal, input, { campaign, facts, rejected });
    if (input.dryRun) {
      await reading.run(null);
      return { kind: 'checked', ...(await reading.counts()) };
    }
    return await portal.bulk.transaction((bulk) => importInto(portal, bulk, { input, campaign, facts, reading }));
  } catch (error) {
    if (error instanceof NothingImported) return error.result;
    if (error instanceof UnreadableFile) return { kind: 'refused', reason: 'file', trouble: error.trouble, row: error.row };
    // Someone else wrote the same number or the same file while this was under way.
    if (sqlState(error) === '23505') return { kind: 'refused', reason: 'collision' };
    throw error;
  } finally {
    await rejected.close();
  }
}

/** Thrown inside the transaction, so that it is rolled back. */
class NothingImported extends Error {
  constructor(readonly result: GrantImportResult) {
    super('nothing imported');
  }
}

async function importInto(
  portal: ImportPortal,
  bulk: BulkTrx,
  { input, campaign, facts, reading }: { input: GrantImport; campaign: CampaignTerms; facts: FileFacts; reading: Reading },
): Promise<GrantImportResult> {
  if (!(await tryLock(bulk.trx, `import grants ${campaign.id}`))) throw new NothingImported({ kind: 'refused', reason: 'busy' });
  const at = portal.clock.now();
  const importId = portal.crypto.newId(at);
  await insertImport(bulk.trx, {
    id: importId,
    campaignId: campaign.id,
    kind: 'grants',
    fileName: path.basename(input.file),
    digest: facts.digest,
    actor: input.actor,
    at,
  });
  const writer = new GrantWriter(portal, bulk, {
    campaignId: campaign.id,
    importId,
    actor: input.actor,
    deadlineAt: campaign.redeemUntil,
    at,
  });
  try {
    await reading.run(writer);
    await writer.finish();
  } finally {
    await writer.settle();
  }
  input.signal?.throwIfAborted();
  const counts = await reading.counts();
  if (counts.accepted === 0 || (counts.rejected > 0 && !input.skipBad)) throw new NothingImported({ kind: 'rejected', ...counts });
  await finishImport(bulk.trx, importId, counts);
  await refreshStatistics(bulk.trx, ['recipients', 'grants', 'journal_entries', 'postings']);
  await appendAudit(bulk.trx, {
    id: portal.crypto.newId(at),
    campaignId: campaign.id,
    at,
    actor: input.actor,
    act: 'grants.import',
    subjectKind: 'import',
    subjectId: importId,
    detail: { rows: counts.rows, accepted: counts.accepted, rejected: counts.rejected, yen: Number(counts.totalYen) },
  });
  return { kind: 'imported', importId, ...counts };
}

/** Goes through a file once: judges every record, counts, names the bad ones and hands on the good ones. */
class Reading {
  private judge: GrantJudge | null = null;
  private rows = 0;
  private accepted = 0;
  private rejectedRows = 0;
  private totalYen = 0n;
  private readonly problems: Partial<Record<GrantProblem, number>> = {};
  private readonly examples: { row: number; number: string; problems: readonly GrantProblem[] }[] = [];

  constructor(
    private readonly portal: ImportPortal,
    private readonly input: GrantImport,
    private readonly of: { campaign: CampaignTerms; facts: FileFacts; rejected: RejectedRows },
  ) {}

  async run(writer: GrantWriter | null): Promise<void> {
    const { campaign, facts } = this.of;
    const { signal, file, onProgress, skipBad } = this.input;
    const maybeThere = await hasGrants(this.portal.db, campaign.id);
    for await (const piece of readCsv(file, facts, signal)) {
      const good = await this.judgePiece(piece.records, piece.firstRow);
      const there = maybeThere
        ? await findGrantNumbers(
            this.portal.db,
            campaign.id,
            [...good.values()].map((row) => row.number),
          )
        : null;
      for (const [at, row] of good) {
        if (there?.has(row.number)) {
          await this.reject(at, row.number, ['number_exists']);
          continue;
        }
        this.accepted += 1;
        this.totalYen += row.yen;
        // Once a file is known to be refused, the rest is only judged.
        if (this.rejectedRows === 0 || skipBad) await writer?.add(row);
      }
      onProgress?.({ doneBytes: piece.doneBytes, totalBytes: facts.bytes, rows: this.rows });
    }
    if (this.rows === 0) throw new NothingImported({ kind: 'refused', reason: 'no_rows' });
  }

  async counts(): Promise<GrantCounts> {
    return {
      rows: this.rows,
      accepted: this.accepted,
      rejected: this.rejectedRows,
      totalYen: this.totalYen,
      problems: this.problems,
      examples: this.examples,
      rejectedFile: await this.of.rejected.close(),
    };
  }

  private async judgePiece(records: readonly string[][], firstRow: number): Promise<Map<number, GrantRow>> {
    const good = new Map<number, GrantRow>();
    for (const [index, record] of records.entries()) {
      if (!this.judge) {
        this.judge = this.readHeader(record);
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

  private readHeader(record: readonly string[]): GrantJudge {
    const header = readGrantHeader(record);
    if (!header.ok) throw new NothingImported({ kind: 'refused', reason: 'header', header: header.problems });
    return grantJudge(header.layout, this.of.campaign.grantCeilingYen);
  }

  private async reject(row: number, number: string, problems: readonly GrantProblem[]): Promise<void> {
    this.rejectedRows += 1;
    const shown = number.slice(0, 40);
    if (this.examples.length < EXAMPLES) this.examples.push({ row, number: shown, problems });
    for (const problem of problems) {
      this.problems[problem] = (this.problems[problem] ?? 0) + 1;
      const { column, ja } = GRANT_PROBLEMS[problem];
      await this.of.rejected.write([String(row), shown, column ? GRANT_COLUMNS[column] : '', ja]);
    }
  }
}

/** Seals and collects grants into batches; one batch is written while the next is being made. */
class GrantWriter {
  private filling: GrantRows;
  private resting: GrantRows;
  private legs: { grantId: string; yen: Yen }[] = [];
  private writing: Promise<void> = Promise.resolve();

  constructor(
    private readonly portal: ImportPortal,
    private readonly bulk: BulkTrx,
    private readonly batch: GrantBatch,
  ) {
    this.filling = new GrantRows(batch);
    this.resting = new GrantRows(batch);
  }

  async add(row: GrantRow): Promise<void> {
    const { crypto } = this.portal;
    const recipientId = crypto.newId(this.batch.at);
    const grantId = crypto.newId(this.batch.at);
    this.filling.add({
      recipientId,
      contact: sealContact(crypto, recipientId, row.contact),
      grantId,
      number: row.number,
      inquiryNumber: row.inquiryNumber,
      yen: row.yen,
      channel: row.channel,
      linkKeyId: crypto.linkKeyId,
      linkDigest: crypto.linkDigest(crypto.linkToken(grantId, 1)),
    });
    this.legs.push({ grantId, yen: row.yen });
    if (this.legs.length >= BATCH_ROWS) await this.flush();
  }

  /** Writes what is left and waits for it. */
  async finish(): Promise<void> {
    await this.flush();
    await this.writing;
  }

  /** Waits until nothing is being written, whatever came of it: the transaction must not end under a COPY. */
  async settle(): Promise<void> {
    await this.writing.catch(() => {});
  }

  private async flush(): Promise<void> {
    await this.writing;
    if (this.legs.length === 0) return;
    this.writing = this.filling.write(this.bulk, this.portal.crypto.newId(this.batch.at), grantedLegs(this.legs));
    // Looked at with the next batch; until then a failure must not count as unhandled.
    this.writing.catch(() => {});
    this.legs = [];
    [this.filling, this.resting] = [this.resting, this.filling];
  }
}
