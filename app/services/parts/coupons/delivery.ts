import { findStandingCoupons } from '#db/coupon-deliveries';
import type { Db } from '#db/database';
import type { Crypto } from '../../../crypto.server';
import {
  type ComparedField,
  compareCoupon,
  type FieldDifference,
  fieldHeading,
  PERSONAL_FIELDS,
  type StandingCoupon,
} from '../../../domain/coupon-difference';
import { COUPON_COLUMNS, type CouponRow } from '../../../domain/coupon-row';
import { RejectedRows } from '../rejected-rows';
import { openAppContact } from '../sealed-contact';

/** What came of comparing a newer file with the register. */
export interface DeliveryCounts {
  /** Rows that stand already and say the same. */
  readonly unchanged: number;
  /** Rows that stand already and say something else. */
  readonly changed: number;
  /** Those of them of which something was brought up to date. */
  readonly renewed: number;
}

/** The same with what they differ in. */
export interface DeliveryReport extends DeliveryCounts {
  /** How many coupons differ in each field. */
  readonly differences: Readonly<Partial<Record<ComparedField, number>>>;
  readonly differencesFile: string | null;
}

/** A difference as it is put on the record. */
export interface RecordedDifference {
  readonly field: ComparedField;
  readonly before: string | null;
  readonly after: string | null;
  readonly renewed: boolean;
}

/** Takes what a compared row differs in. */
export interface DifferenceWriter {
  differ(standing: StandingCoupon, row: CouponRow, differences: readonly RecordedDifference[]): Promise<void>;
}

/** Compares the rows of a newer file with the coupons that stand, and names in a file where they differ. */
export class Delivery {
  private standing = new Map<string, StandingCoupon>();
  private unchanged = 0;
  private changed = 0;
  private renewed = 0;
  private readonly differences: Partial<Record<ComparedField, number>> = {};
  private readonly file: RejectedRows;

  constructor(
    private readonly portal: { readonly db: Db; readonly crypto: Crypto },
    private readonly of: { readonly campaignId: string; readonly update: boolean; readonly differencesFile: string | null },
  ) {
    this.file = new RejectedRows(of.differencesFile, ['行', COUPON_COLUMNS.number, '列', '台帳', 'ファイル', '扱い']);
  }

  /** Reads the coupons of a piece of the file; they are kept until the next piece. */
  async find(numbers: readonly string[]): Promise<ReadonlySet<string>> {
    const rows = await findStandingCoupons(this.portal.db, this.of.campaignId, numbers);
    this.standing = new Map(
      rows.map((row) => {
        const { id, contact_sealed, contact_key_id } = row;
        const sealed = contact_sealed && contact_key_id ? { id, contact_sealed, contact_key_id } : null;
        const coupon: StandingCoupon = {
          id,
          number: row.inquiry_number,
          prefecture: row.prefecture,
          issuer: row.issuer,
          faceYen: row.face_yen,
          listedYen: row.listed_yen,
          listedAt: row.listed_at,
          validUntil: row.valid_until,
          inApp: row.in_app,
          leftOn: row.left_on,
          contact: sealed ? openAppContact(this.portal.crypto, sealed) : { phone: null, mail: null },
        };
        return [coupon.number, coupon];
      }),
    );
    return new Set(this.standing.keys());
  }

  async compare(row: CouponRow, at: number, listedAt: Date, writer: DifferenceWriter | null): Promise<void> {
    const standing = this.standing.get(row.number);
    if (!standing) return;
    const found = compareCoupon(standing, row, listedAt);
    if (found.length === 0) {
      this.unchanged += 1;
      return;
    }
    this.changed += 1;
    if (this.of.update && found.some(({ renewable }) => renewable)) this.renewed += 1;
    for (const difference of found) await this.name(row, at, difference);
    await writer?.differ(
      standing,
      row,
      found.map(({ field, before, after, renewable }) => {
        const kept = PERSONAL_FIELDS.has(field) ? { before: null, after: null } : { before, after };
        return { field, ...kept, renewed: this.of.update && renewable };
      }),
    );
  }

  counts(): DeliveryCounts {
    return { unchanged: this.unchanged, changed: this.changed, renewed: this.renewed };
  }

  /** Ends the file of differences. @returns what came of it all */
  async report(): Promise<DeliveryReport> {
    return { ...this.counts(), differences: this.differences, differencesFile: await this.file.close() };
  }

  private async name(row: CouponRow, at: number, { field, before, after, renewable }: FieldDifference): Promise<void> {
    this.differences[field] = (this.differences[field] ?? 0) + 1;
    const outcome = this.of.update && renewable ? 'ファイルに合わせる' : '台帳のまま';
    await this.file.write([String(at), row.number, fieldHeading(field), before, after, outcome]);
  }
}
