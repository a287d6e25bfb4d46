import type { BulkTrx } from '#db/bulk';
import { takeLock } from '#db/bulk';
import { type CouponBatch, CouponRows, findCouponNumbers, hasCoupons, hasCutoff, registerLock } from '#db/coupons';
import { COUPON_COLUMNS, COUPON_PROBLEMS, type CouponProblem, type CouponRow, couponJudge } from '../domain/coupon-row';
import { couponTermsOf } from '../domain/cutoff';
import { readHeader } from '../domain/row-file';
import { type FileImport, type FileImportResult, type FileKind, type ImportPortal, importFile, type RowWriter } from './parts/import-file';
import { sealAppContact } from './parts/sealed-contact';

export interface CouponImport extends FileImport {
  /** At which instant the file's balances were true; left out, when the failure's coupons expired. */
  readonly asOf?: Date;
}
export type CouponImportResult = FileImportResult<CouponProblem>;

/** Coupons of one round of COPY. */
const BATCH_ROWS = 2_000;

/**
 * Imports a register of coupons: each with its sealed app contact and an account that its face value opens. What the
 * file says is left is kept beside it, to be compared; the account itself goes by payments.
 */
export function importCoupons(portal: ImportPortal, input: CouponImport): Promise<CouponImportResult> {
  const kind: FileKind<CouponRow, CouponProblem> = {
    kind: 'coupons',
    columns: COUPON_COLUMNS,
    numberHeading: COUPON_COLUMNS.number,
    problems: COUPON_PROBLEMS,
    readHeader(record, campaign) {
      const header = readHeader(COUPON_COLUMNS, record);
      return header.ok ? { ok: true, judge: couponJudge(header.layout, campaign.grantCeilingYen) } : header;
    },
    existing: {
      problem: 'number_exists',
      async open(campaignId) {
        if (!(await hasCoupons(portal.db, campaignId))) return null;
        return (numbers) => findCouponNumbers(portal.db, campaignId, numbers);
      },
    },
    yenOf: (row) => row.faceYen,
    // What the cut-off takes is fixed when it begins: a coupon that comes later would be left out unseen.
    async refusal({ trx }, campaign) {
      await takeLock(trx, registerLock(campaign.id));
      return (await hasCutoff(trx, campaign.id)) ? 'cut_off' : null;
    },
    async openWriter(bulk, { campaign, importId, actor, at }) {
      const listedAt = input.asOf ?? couponTermsOf(campaign.settings)?.expiredAt ?? at;
      return new CouponWriter(portal, bulk, { campaignId: campaign.id, importId, actor, listedAt, at });
    },
    tables: ['coupons', 'coupon_entries'],
  };
  return importFile(portal, kind, input);
}

/** Seals and collects coupons into batches; one batch is written while the next is being made. */
class CouponWriter implements RowWriter<CouponRow, CouponProblem> {
  private filling: CouponRows;
  private resting: CouponRows;
  private waiting = 0;
  private writing: Promise<void> = Promise.resolve();

  constructor(
    private readonly portal: ImportPortal,
    private readonly bulk: BulkTrx,
    private readonly batch: CouponBatch,
  ) {
    this.filling = new CouponRows(batch);
    this.resting = new CouponRows(batch);
  }

  async add(row: CouponRow): Promise<void> {
    const { crypto } = this.portal;
    const id = crypto.newId(this.batch.at);
    const contact = row.inApp ? sealAppContact(crypto, id, { phone: row.phone, mail: row.mail }) : null;
    this.filling.add({ ...row, id, listedYen: row.balanceYen, contact });
    this.waiting += 1;
    if (this.waiting >= BATCH_ROWS) await this.flush();
  }

  async finish(): Promise<void> {
    await this.flush();
    await this.writing;
  }

  async settle(): Promise<void> {
    await this.writing.catch(() => {});
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
