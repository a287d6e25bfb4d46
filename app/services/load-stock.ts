import path from 'node:path';
import { appendAudit } from '#db/audit';
import { type Bulk, type BulkTrx, tryLock } from '#db/bulk';
import { listStoredOffers } from '#db/campaigns';
import { findImport, finishImport, insertImport, type PastImport } from '#db/imports';
import { copyStock, findKnownCodes, type NewStockCode } from '#db/stock';
import { sqlState } from '#db/transaction';
import type { OfferAmount } from '../domain/campaign';
import { japanDay } from '../domain/japan-time';
import type { DeliveredRow, StockReader } from '../domain/stock-reader';
import type { Yen } from '../domain/yen';
import type { Portal } from '../portal';
import { type FileFacts, type FileTrouble, inspectFile, readText, UnreadableFile } from './parts/csv-file';

/** What the portal finds wrong with a code that the file itself is right about. */
export const STOCK_LOAD_PROBLEMS = ['already_in_stock', 'already_issued', 'expired', 'face_value_not_offered'] as const;

export interface StockProblemRow {
  readonly row: number;
  /** A problem of the reader, or one of `STOCK_LOAD_PROBLEMS`. */
  readonly problem: string;
  /** The row that had the code first. */
  readonly firstRow?: number;
}

export type StockLoadResult =
  | {
      readonly kind: 'loaded';
      readonly importId: string;
      readonly rows: number;
      readonly totalYen: Yen;
      readonly faces: readonly { yen: number; codes: number }[];
    }
  /** Nothing was loaded. Rows are named, codes never. */
  | { readonly kind: 'rejected'; readonly rows: number; readonly rejected: number; readonly problems: readonly StockProblemRow[] }
  | { readonly kind: 'repeated'; readonly past: PastImport }
  | { readonly kind: 'refused'; readonly reason: 'offer_unknown' | 'face_value_missing' | 'busy' | 'no_rows' | 'collision' }
  | { readonly kind: 'refused'; readonly reason: 'file'; readonly trouble: FileTrouble };

export interface StockLoad {
  readonly campaignId: string;
  readonly provider: string;
  readonly file: string;
  /** What the file was called where it came from; left out, as it is called here. */
  readonly fileName?: string;
  /** Face value of every code in the file, in whole yen, where the file has none. */
  readonly yen?: number;
  readonly reader: StockReader;
  readonly actor: string;
  readonly onProgress?: (progress: { rows: number }) => void;
  readonly signal?: AbortSignal;
}

type StockPortal = Pick<Portal, 'db' | 'clock' | 'crypto'> & { readonly bulk: Bulk };

const BATCH_ROWS = 1_000;
const NAMED_ROWS = 1_000;

class NothingLoaded extends Error {
  constructor(readonly result: StockLoadResult) {
    super('nothing loaded');
  }
}

/**
 * Loads a file of bought codes: all of it or nothing, each code sealed for its row and recognised for ever by
 * its digest. A code that stands twice, that is in stock already or that was ever issued is refused by its row.
 */
export async function loadStock(portal: StockPortal, input: StockLoad): Promise<StockLoadResult> {
  const offer = (await listStoredOffers(portal.db, input.campaignId)).find((candidate) => candidate.provider === input.provider);
  if (!offer) return { kind: 'refused', reason: 'offer_unknown' };
  if (input.reader.needsFaceValue && input.yen === undefined) return { kind: 'refused', reason: 'face_value_missing' };
  try {
    const facts = await inspectFile(input.file, input.signal);
    const past = await findImport(portal.db, { campaignId: input.campaignId, kind: 'stock', digest: facts.digest });
    if (past) return { kind: 'repeated', past };
    return await portal.bulk.transaction((bulk) => loadInto(portal, bulk, { input, facts, amount: offer.amount as OfferAmount }));
  } catch (error) {
    if (error instanceof NothingLoaded) return error.result;
    if (error instanceof UnreadableFile) return { kind: 'refused', reason: 'file', trouble: error.trouble };
    // Someone else loaded the same code or file while this was under way.
    if (sqlState(error) === '23505') return { kind: 'refused', reason: 'collision' };
    throw error;
  }
}

async function loadInto(
  portal: StockPortal,
  bulk: BulkTrx,
  { input, facts, amount }: { input: StockLoad; facts: FileFacts; amount: OfferAmount },
): Promise<StockLoadResult> {
  if (!(await tryLock(bulk.trx, `load stock ${input.provider}`))) throw new NothingLoaded({ kind: 'refused', reason: 'busy' });
  const at = portal.clock.now();
  const importId = portal.crypto.newId(at);
  await insertImport(bulk.trx, {
    id: importId,
    campaignId: input.campaignId,
    kind: 'stock',
    fileName: input.fileName ?? path.basename(input.file),
    digest: facts.digest,
    actor: input.actor,
    at,
  });
  const shelf = new Shelf(portal, bulk, { campaignId: input.campaignId, provider: input.provider, importId, at });
  let rows = 0;
  const today = japanDay(at);
  for await (const row of input.reader.read(readText(input.file, facts, input.signal), { yen: input.yen })) {
    rows += 1;
    if (!row.ok) shelf.reject(row);
    else if (row.expiresOn < today) shelf.reject({ row: row.row, problem: 'expired' });
    else if (!isOffered(amount, row.yen)) shelf.reject({ row: row.row, problem: 'face_value_not_offered' });
    else await shelf.add(row);
    if (rows % BATCH_ROWS === 0) input.onProgress?.({ rows });
  }
  await shelf.flush();
  input.onProgress?.({ rows });
  if (rows === 0) throw new NothingLoaded({ kind: 'refused', reason: 'no_rows' });
  if (shelf.rejected > 0) throw new NothingLoaded({ kind: 'rejected', rows, rejected: shelf.rejected, problems: shelf.namedProblems() });
  const { totalYen } = shelf;
  await finishImport(bulk.trx, importId, { rows, accepted: rows, rejected: 0, totalYen });
  await appendAudit(bulk.trx, {
    id: portal.crypto.newId(at),
    campaignId: input.campaignId,
    at,
    actor: input.actor,
    act: 'stock.load',
    subjectKind: 'import',
    subjectId: importId,
    detail: { provider: input.provider, rows, yen: Number(totalYen) },
  });
  return { kind: 'loaded', importId, rows, totalYen, faces: shelf.faces() };
}

/** A face value that nobody can choose would lie on the shelf for ever. */
function isOffered(amount: OfferAmount, yen: number): boolean {
  return amount.kind === 'fixed' ? amount.faceValuesYen.includes(yen) : yen <= amount.maxYen;
}

type DeliveredCode = DeliveredRow & { ok: true };

/** Collects codes, looks each up and seals it. Once a row is rejected nothing more is written. */
class Shelf {
  rejected = 0;
  totalYen = 0n;
  private readonly problems: StockProblemRow[] = [];
  private readonly counts = new Map<number, number>();
  private waiting: DeliveredCode[] = [];

  constructor(
    private readonly portal: StockPortal,
    private readonly bulk: BulkTrx,
    private readonly to: { campaignId: string; provider: string; importId: string; at: Date },
  ) {}

  reject({ row, problem, firstRow }: StockProblemRow): void {
    this.rejected += 1;
    if (this.problems.length < NAMED_ROWS) this.problems.push(firstRow === undefined ? { row, problem } : { row, problem, firstRow });
  }

  namedProblems(): StockProblemRow[] {
    return this.problems.sort((a, b) => a.row - b.row);
  }

  faces(): { yen: number; codes: number }[] {
    return [...this.counts].map(([yen, codes]) => ({ yen, codes })).sort((a, b) => a.yen - b.yen);
  }

  async add(row: DeliveredCode): Promise<void> {
    this.waiting.push(row);
    if (this.waiting.length >= BATCH_ROWS) await this.flush();
  }

  async flush(): Promise<void> {
    const { provider } = this.to;
    const rows = this.waiting.map((row) => ({ row, digest: this.portal.crypto.codeDigest(provider, row.code) }));
    this.waiting = [];
    if (rows.length === 0) return;
    const known = await findKnownCodes(this.bulk.trx, { provider, digests: rows.map(({ digest }) => digest) });
    const codes: NewStockCode[] = [];
    for (const { row, digest } of rows) {
      const place = known.get(digest.toString('hex'));
      if (place) {
        this.reject({ row: row.row, problem: place === 'in_stock' ? 'already_in_stock' : 'already_issued' });
        continue;
      }
      codes.push(this.sealed(row, digest));
      this.totalYen += BigInt(row.yen);
      this.counts.set(row.yen, (this.counts.get(row.yen) ?? 0) + 1);
    }
    if (this.rejected === 0 && codes.length > 0) await copyStock(this.bulk, codes);
  }

  private sealed(row: DeliveredCode, digest: Buffer): NewStockCode {
    const id = this.portal.crypto.newId(this.to.at);
    const content = { code: row.code, pin: row.pin, url: row.url, managementNo: row.managementNo };
    const { sealed, keyId } = this.portal.crypto.seal('stock_codes.code', id, JSON.stringify(content));
    return {
      id,
      campaignId: this.to.campaignId,
      provider: this.to.provider,
      importId: this.to.importId,
      yen: BigInt(row.yen),
      sealed,
      keyId,
      digest,
      startsOn: row.startsOn ?? null,
      expiresOn: row.expiresOn,
    };
  }
}
