import { sql } from 'kysely';
import type { BulkTrx } from './bulk';
import { APP_CONTACT_COLUMNS, putAppContact, type SealedAppContact } from './contact-columns';
import { CopyRows } from './copy-rows';
import type { Db, Trx } from './database';

const COUPON_COLUMNS = [
  'id',
  'campaign_id',
  'import_id',
  'inquiry_number',
  'prefecture',
  'issuer',
  'face_yen',
  'listed_yen',
  'listed_at',
  'valid_until',
  'in_app',
  'left_on',
  ...APP_CONTACT_COLUMNS,
];
const ENTRY_COLUMNS = ['coupon_id', 'campaign_id', 'kind', 'from_account', 'to_account', 'yen', 'actor', 'at'];

export interface NewCoupon {
  readonly id: string;
  readonly number: string;
  readonly prefecture: string;
  readonly issuer: string;
  readonly faceYen: bigint;
  readonly listedYen: bigint;
  readonly validUntil: Date;
  readonly inApp: boolean;
  readonly leftOn: string | null;
  readonly contact: SealedAppContact | null;
}

/** What all coupons of one import share. */
export interface CouponBatch {
  readonly campaignId: string;
  readonly importId: string;
  readonly actor: string;
  /** At which instant (exclusive) the file's balances were true. */
  readonly listedAt: Date;
  readonly at: Date;
}

/** Coupons of one batch with the entry that opens each of their accounts. */
export class CouponRows {
  private readonly coupons = new CopyRows();
  private readonly entries = new CopyRows();

  constructor(private readonly batch: CouponBatch) {}

  add(row: NewCoupon): void {
    const { campaignId, importId, actor, listedAt, at } = this.batch;
    const coupon = this.coupons
      .row(COUPON_COLUMNS.length)
      .uuid(row.id)
      .text(campaignId)
      .uuid(importId)
      .text(row.number)
      .text(row.prefecture)
      .text(row.issuer)
      .int8(row.faceYen)
      .int8(row.listedYen)
      .instant(listedAt)
      .instant(row.validUntil)
      .bool(row.inApp)
      .day(row.leftOn);
    putAppContact(coupon, row.contact);
    this.entries
      .row(ENTRY_COLUMNS.length)
      .uuid(row.id)
      .text(campaignId)
      .text('issued')
      .text('face')
      .text('remaining')
      .int8(row.faceYen)
      .text(actor)
      .instant(at);
  }

  /** Writes the batch; then the rows can be filled anew. */
  async write(bulk: BulkTrx): Promise<void> {
    await bulk.copy('coupons', COUPON_COLUMNS, this.coupons);
    await bulk.copy('coupon_entries', ENTRY_COLUMNS, this.entries);
    for (const rows of [this.coupons, this.entries]) rows.clear();
  }
}

/** Whether a campaign has a register of coupons. */
export async function hasCoupons(db: Db | Trx, campaignId: string): Promise<boolean> {
  const row = await db.selectFrom('coupons').select('id').where('campaign_id', '=', campaignId).limit(1).executeTakeFirst();
  return row !== undefined;
}

/** Whether the campaign's cut-off has begun. */
export async function hasCutoff(db: Db | Trx, campaignId: string): Promise<boolean> {
  const row = await db.selectFrom('cutoffs').select('campaign_id').where('campaign_id', '=', campaignId).executeTakeFirst();
  return row !== undefined;
}

/** The lock behind which a campaign's register changes: payments, put back, and the beginning of the cut-off. */
export function registerLock(campaignId: string): string {
  return `register ${campaignId}`;
}

/** How an entry changes an account of its coupon; for sums over `coupon_entries`. */
export function accountYen(account: 'remaining' | 'spent' | 'taken') {
  return sql<bigint>`coalesce(sum(case when e.to_account = ${sql.lit(account)} then e.yen when e.from_account = ${sql.lit(account)} then -e.yen else 0 end), 0)::bigint`;
}
