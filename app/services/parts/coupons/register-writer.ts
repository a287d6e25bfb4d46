import type { BulkTrx } from '#db/bulk';
import { DeliveredDifferences, openRenewals, writeRenewals } from '#db/coupon-deliveries';
import { type CouponBatch, CouponRows } from '#db/coupons';
import type { ComparedField, StandingCoupon } from '../../../domain/coupon-difference';
import type { CouponProblem, CouponRow } from '../../../domain/coupon-row';
import type { ImportPortal, RowWriter } from '../import-file';
import { sealAppContact } from '../sealed-contact';
import type { DifferenceWriter, RecordedDifference } from './delivery';

/** Rows of one round of COPY. */
const BATCH_ROWS = 2_000;

/** What is filled while the one before is being written. */
class Batch {
  readonly coupons: CouponRows;
  readonly differences: DeliveredDifferences;

  constructor(batch: CouponBatch) {
    this.coupons = new CouponRows(batch);
    this.differences = new DeliveredDifferences(batch);
  }

  async write(bulk: BulkTrx): Promise<void> {
    await this.coupons.write(bulk);
    await this.differences.write(bulk);
  }
}

/** Seals and collects coupons, new and changed, into batches; one batch is written while the next is being made. */
export class RegisterWriter implements RowWriter<CouponRow, CouponProblem>, DifferenceWriter {
  private filling: Batch;
  private resting: Batch;
  private waiting = 0;
  private renewing = false;
  private writing: Promise<void> = Promise.resolve();

  private constructor(
    private readonly portal: ImportPortal,
    private readonly bulk: BulkTrx,
    private readonly batch: CouponBatch,
  ) {
    this.filling = new Batch(batch);
    this.resting = new Batch(batch);
  }

  static async open(portal: ImportPortal, bulk: BulkTrx, batch: CouponBatch): Promise<RegisterWriter> {
    await openRenewals(bulk.trx);
    return new RegisterWriter(portal, bulk, batch);
  }

  async add(row: CouponRow): Promise<void> {
    const id = this.portal.crypto.newId(this.batch.at);
    this.filling.coupons.add({ ...row, id, listedYen: row.balanceYen, contact: this.sealed(id, row) });
    await this.count();
  }

  async differ(standing: StandingCoupon, row: CouponRow, differences: readonly RecordedDifference[]): Promise<void> {
    for (const each of differences) this.filling.differences.add(standing.id, each);
    const renewed = new Set<ComparedField>(differences.filter((each) => each.renewed).map(({ field }) => field));
    if (renewed.size > 0) {
      this.renewing = true;
      // The parts of the app's registration go together; only the balance has a time of its own.
      const listed = renewed.has('balance')
        ? { listedYen: row.balanceYen, listedAt: this.batch.listedAt }
        : { listedYen: standing.listedYen, listedAt: standing.listedAt };
      const { inApp, leftOn } = row;
      this.filling.differences.renew({ id: standing.id, inApp, leftOn, contact: this.sealed(standing.id, row), ...listed });
    }
    await this.count();
  }

  async finish(): Promise<void> {
    await this.flush();
    await this.writing;
    if (this.renewing) await writeRenewals(this.bulk.trx, this.batch.importId);
  }

  async settle(): Promise<void> {
    await this.writing.catch(() => {});
  }

  private sealed(couponId: string, { inApp, phone, mail }: CouponRow) {
    return inApp ? sealAppContact(this.portal.crypto, couponId, { phone, mail }) : null;
  }

  private async count(): Promise<void> {
    this.waiting += 1;
    if (this.waiting >= BATCH_ROWS) await this.flush();
  }

  private async flush(): Promise<void> {
    await this.writing;
    if (this.waiting === 0) return;
    this.writing = this.filling.write(this.bulk);
    // Looked at with the next batch; until then a failure must not count as unhandled.
    this.writing.catch(() => {});
    this.waiting = 0;
    [this.filling, this.resting] = [this.resting, this.filling];
  }
}
