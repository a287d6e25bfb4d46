import { type BulkTrx, takeLock } from '#db/bulk';
import { registerLock } from '#db/coupons';
import { judgeStaged, listRefused, openStaging, StagedPayments, writeJudged } from '#db/payments';
import { PAYMENT_COLUMNS, PAYMENT_PROBLEMS, type PaymentProblem, type PaymentRow, paymentJudge, tookBalance } from '../domain/payment-row';
import { readHeader } from '../domain/row-file';
import {
  type FileImport,
  type FileImportResult,
  type FileKind,
  type ImportPortal,
  importFile,
  type LateReject,
  type OpenImport,
  type RowWriter,
} from './parts/import-file';
import { TwoBatches } from './parts/two-batches';

export type PaymentImport = FileImport;
export type PaymentImportResult = FileImportResult<PaymentProblem>;

/** Payments of one round of COPY. */
const BATCH_ROWS = 5_000;
const REFUSED_AT_ONCE = 1_000;

/**
 * Imports payments and enters those that took the balance on their coupons' accounts. May be done daily. The register
 * judges the file as a whole: a known number, an unknown coupon and a payment above what was left are named by row.
 */
export function importPayments(portal: ImportPortal, input: PaymentImport): Promise<PaymentImportResult> {
  const kind: FileKind<PaymentRow, PaymentProblem> = {
    kind: 'payments',
    columns: PAYMENT_COLUMNS,
    numberHeading: PAYMENT_COLUMNS.number,
    problems: PAYMENT_PROBLEMS,
    readHeader(record) {
      const header = readHeader(PAYMENT_COLUMNS, record);
      return header.ok ? { ok: true, judge: paymentJudge(header.layout, portal.clock.now()) } : header;
    },
    yenOf: takenYen,
    writerJudges: true,
    async openWriter(bulk, open) {
      // The cut-off begins before or after a file of payments, never in the middle of one.
      await takeLock(bulk.trx, registerLock(open.campaign.id));
      await openStaging(bulk.trx);
      return new PaymentWriter(bulk, open);
    },
    tables: ['payments', 'coupon_entries'],
  };
  return importFile(portal, kind, input);
}

function takenYen(row: PaymentRow): bigint {
  return tookBalance(row.outcome) ? row.yen : 0n;
}

class PaymentWriter implements RowWriter<PaymentRow, PaymentProblem> {
  private readonly batches: TwoBatches<StagedPayments>;

  constructor(
    private readonly bulk: BulkTrx,
    private readonly open: OpenImport,
  ) {
    this.batches = new TwoBatches(bulk, BATCH_ROWS, () => new StagedPayments());
  }

  add(row: PaymentRow, at: number): Promise<void> {
    return this.batches.add((staged) => staged.add({ ...row, row: at }));
  }

  async *judge(): AsyncGenerator<LateReject<PaymentProblem>> {
    await this.batches.finish();
    const { trx } = this.bulk;
    await judgeStaged(trx, this.open.campaign.id);
    for (let after = 0; ; ) {
      const refused = await listRefused(trx, after, REFUSED_AT_ONCE);
      yield* refused;
      const last = refused.at(-1);
      if (!last) return;
      after = last.row;
    }
  }

  async finish(): Promise<void> {
    const { campaign, importId, actor, at } = this.open;
    await writeJudged(this.bulk.trx, { campaignId: campaign.id, importId, actor, at });
  }

  settle(): Promise<void> {
    return this.batches.settle();
  }
}
