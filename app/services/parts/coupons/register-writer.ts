import type { BulkTrx } from '#db/bulk';
import { DeliveredDifferences, openRenewals, writeRenewals } from '#db/coupon-deliveries';
import { type CouponBatch, CouponRows } from '#db/coupons';
import type { ComparedField, StandingCoupon } from '../../../domain/coupon-difference';
import type { CouponProblem, CouponRow } from '../../../domain/coupon-row';
import type { ImportPortal, RowWriter } from '../import-file';
import { sealAppContact } from '../sealed-contact';
import { TwoBatches } from '../two-batches';
import type { DifferenceWriter, RecordedDifference } from './delivery';

/** Rows of one round of COPY. */
const BATCH_ROWS = 2_000;

/** Coupons, new and changed, that are written together. */
class RegisterBatch {
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

/** Seals coupons, new and changed, and writes them in batches. */
export class RegisterWriter implements RowWriter<CouponRow, CouponProblem>, DifferenceWriter {
  private readonly batches: TwoBatches<RegisterBatch>;
  private renewing = false;

  private constructor(
    private readonly portal: ImportPortal,
    private readonly bulk: BulkTrx,
    private readonly batch: CouponBatch,
  ) {
    this.batches = new TwoBatches(bulk, BATCH_ROWS, () => new RegisterBatch(batch));
  }

  static async open(portal: ImportPortal, bulk: BulkTrx, batch: CouponBatch): Promise<RegisterWriter> {
    await openRenewals(bulk.trx);
    return new RegisterWriter(portal, bulk, batch);
  }

  add(row: CouponRow): Promise<void> {
    const id = this.portal.crypto.newId(this.batch.at);
    const coupon = { ...row, id, listedYen: row.balanceYen, contact: this.sealed(id, row) };
    return this.batches.add(({ coupons }) => coupons.add(coupon));
  }

  differ(standing: StandingCoupon, row: CouponRow, found: readonly RecordedDifference[]): Promise<void> {
    const renewed = new Set<ComparedField>(found.filter((each) => each.renewed).map(({ field }) => field));
    // The parts of the app's registration go together; only the balance has a time of its own.
    const listed = renewed.has('balance')
      ? { listedYen: row.balanceYen, listedAt: this.batch.listedAt }
      : { listedYen: standing.listedYen, listedAt: standing.listedAt };
    const { inApp, leftOn } = row;
    if (renewed.size > 0) this.renewing = true;
    return this.batches.add(({ differences }) => {
      for (const each of found) differences.add(standing.id, each);
      if (renewed.size > 0) differences.renew({ id: standing.id, inApp, leftOn, contact: this.sealed(standing.id, row), ...listed });
    });
  }

  async finish(): Promise<void> {
    await this.batches.finish();
    if (this.renewing) await writeRenewals(this.bulk.trx, this.batch.importId);
  }

  settle(): Promise<void> {
    return this.batches.settle();
  }

  private sealed(couponId: string, { inApp, phone, mail }: CouponRow) {
    return inApp ? sealAppContact(this.portal.crypto, couponId, { phone, mail }) : null;
  }
}
