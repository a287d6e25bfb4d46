import { sql } from 'kysely';
import type { BulkTrx } from './bulk';
import { APP_CONTACT_COLUMNS, putAppContact } from './contact-columns';
import { CopyRows } from './copy-rows';
import type { CouponBatch, NewCoupon } from './coupons';
import type { Db, Trx } from './database';
import type { Coupon, CouponDifferencesTable } from './tables/coupons';

const DIFFERENCE_COLUMNS = ['import_id', 'coupon_id', 'campaign_id', 'field', 'before', 'after', 'renewed'];
/** What a newer delivery may bring up to date. */
const RENEWED_COLUMNS = ['id', 'listed_yen', 'listed_at', 'in_app', 'left_on', ...APP_CONTACT_COLUMNS];

export type CouponField = CouponDifferencesTable['field'];
type StandingRow = Omit<Coupon, 'lock_token' | 'import_id' | 'campaign_id' | 'renewed_by' | 'index_key_id' | 'phone_index' | 'mail_index'>;

/** The coupons of a campaign's register that have one of these inquiry numbers. */
export async function findStandingCoupons(db: Db | Trx, campaignId: string, numbers: readonly string[]): Promise<StandingRow[]> {
  if (numbers.length === 0) return [];
  return db
    .selectFrom('coupons')
    .select(['id', 'inquiry_number', 'prefecture', 'issuer', 'face_yen', 'listed_yen', 'listed_at', 'valid_until', 'in_app', 'left_on'])
    .select(['contact_sealed', 'contact_key_id'])
    .where('campaign_id', '=', campaignId)
    .where((eb) => eb('inquiry_number', '=', eb.fn.any(eb.val(numbers as string[]))))
    .execute();
}

/** Where what a delivery brings up to date stands until it is written; ends with the transaction. */
export async function openRenewals(trx: Trx): Promise<void> {
  await sql`create temporary table renewed_coupons (id uuid primary key, listed_yen bigint not null, listed_at timestamptz not null,
    in_app boolean not null, left_on date, contact_sealed bytea, contact_key_id text, index_key_id text, phone_index bytea,
    mail_index bytea) on commit drop`.execute(trx);
}

/** Differences of one batch between a delivery and the register, and what the register takes over. */
export class DeliveredDifferences {
  private readonly differences = new CopyRows();
  private readonly renewed = new CopyRows();

  constructor(private readonly batch: Pick<CouponBatch, 'campaignId' | 'importId'>) {}

  add(couponId: string, of: { field: CouponField; before: string | null; after: string | null; renewed: boolean }): void {
    this.differences
      .row(DIFFERENCE_COLUMNS.length)
      .uuid(this.batch.importId)
      .uuid(couponId)
      .text(this.batch.campaignId)
      .text(of.field)
      .text(of.before)
      .text(of.after)
      .bool(of.renewed);
  }

  renew(row: Pick<NewCoupon, 'id' | 'listedYen' | 'inApp' | 'leftOn' | 'contact'> & { readonly listedAt: Date }): void {
    const renewed = this.renewed
      .row(RENEWED_COLUMNS.length)
      .uuid(row.id)
      .int8(row.listedYen)
      .instant(row.listedAt)
      .bool(row.inApp)
      .day(row.leftOn);
    putAppContact(renewed, row.contact);
  }

  /** Writes the batch; then the rows can be filled anew. */
  async write(bulk: BulkTrx): Promise<void> {
    await bulk.copy('coupon_differences', DIFFERENCE_COLUMNS, this.differences);
    await bulk.copy('renewed_coupons', RENEWED_COLUMNS, this.renewed);
    for (const rows of [this.differences, this.renewed]) rows.clear();
  }
}

/** Brings the register up to date with everything that was collected. */
export async function writeRenewals(trx: Trx, importId: string): Promise<void> {
  await sql`analyze renewed_coupons`.execute(trx);
  await sql`
    update coupons c set listed_yen = r.listed_yen, listed_at = r.listed_at, in_app = r.in_app, left_on = r.left_on,
        contact_sealed = r.contact_sealed, contact_key_id = r.contact_key_id, index_key_id = r.index_key_id,
        phone_index = r.phone_index, mail_index = r.mail_index, renewed_by = ${importId}::uuid
      from renewed_coupons r where r.id = c.id
  `.execute(trx);
}

export interface LastDelivery {
  readonly at: Date;
  readonly fileName: string;
  /** Of every field, how many coupons differed and how many of them were brought up to date. */
  readonly fields: readonly { readonly field: CouponField; readonly count: number; readonly renewed: number }[];
  readonly coupons: number;
  readonly rows: readonly {
    readonly number: string;
    readonly field: CouponField;
    readonly before: string | null;
    readonly after: string | null;
    readonly renewed: boolean;
  }[];
}

/** What the last delivery of a campaign's register differed in, its first `limit` lines; null when there was but one. */
export async function findLastDelivery(trx: Db | Trx, campaignId: string, limit: number): Promise<LastDelivery | null> {
  const imports = await trx
    .selectFrom('imports')
    .select(['id', 'at', 'file_name'])
    .where('campaign_id', '=', campaignId)
    .where('kind', 'in', ['coupons', 'coupon_renewals'])
    .orderBy('at', 'desc')
    .orderBy('id', 'desc')
    .limit(2)
    .execute();
  const [last] = imports;
  if (!last || imports.length < 2) return null;
  const found = trx.selectFrom('coupon_differences as d').where('d.import_id', '=', last.id).where('d.campaign_id', '=', campaignId);
  const fields = await found
    .select(['d.field', sql<number>`count(*)::int`.as('count'), sql<number>`(count(*) filter (where d.renewed))::int`.as('renewed')])
    .groupBy('d.field')
    .orderBy('d.field')
    .execute();
  const sum = await found.select(sql<number>`count(distinct d.coupon_id)::int`.as('coupons')).executeTakeFirstOrThrow();
  const rows = await found
    .innerJoin('coupons as c', 'c.id', 'd.coupon_id')
    .select(['c.inquiry_number as number', 'd.field', 'd.before', 'd.after', 'd.renewed'])
    // What a person has to settle comes first.
    .orderBy('d.renewed')
    .orderBy('c.inquiry_number')
    .orderBy('d.field')
    .limit(limit)
    .execute();
  return { at: last.at, fileName: last.file_name, fields, coupons: sum.coupons, rows };
}
