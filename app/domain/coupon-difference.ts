import { type AppContact, maskMail, maskPhone, normaliseMail } from './contact';
import { COUPON_COLUMNS, type CouponColumn, type CouponRow } from './coupon-row';
import { lastMoment } from './deadline';
import { japanTime } from './japan-time';
import type { Yen } from './yen';

/** Where a newer file of coupons and the register differ, field by field. Pure. */

/** The fields that are compared, in the order of the file's columns. */
export const COMPARED_FIELDS = [
  'prefecture',
  'issuer',
  'face',
  'balance',
  'valid',
  'app',
  'phone',
  'mail',
  'left',
] as const satisfies readonly CouponColumn[];
export type ComparedField = (typeof COMPARED_FIELDS)[number];

/** What a newer file may bring up to date. Money, validity and where a coupon came from are for a person to settle. */
const RENEWABLE: ReadonlySet<ComparedField> = new Set(['balance', 'app', 'phone', 'mail', 'left']);

/** Fields that name a person: shown masked, and their values are not kept beside the register. */
export const PERSONAL_FIELDS: ReadonlySet<ComparedField> = new Set(['phone', 'mail']);

/** A coupon as it stands in the register. */
export interface StandingCoupon {
  readonly id: string;
  readonly number: string;
  readonly prefecture: string;
  readonly issuer: string;
  readonly faceYen: Yen;
  readonly listedYen: Yen;
  readonly listedAt: Date;
  /** Exclusive instant. */
  readonly validUntil: Date;
  readonly inApp: boolean;
  readonly leftOn: string | null;
  readonly contact: AppContact;
}

export interface FieldDifference {
  readonly field: ComparedField;
  /** As the register and as the file has it, in words for people; personal ones masked. */
  readonly before: string;
  readonly after: string;
  /** Whether the register may take the file's value. */
  readonly renewable: boolean;
}

/**
 * Compares one record with its coupon. A balance that was true earlier than the one on the record, or that is above the
 * face value on the record, is no news.
 */
export function compareCoupon(standing: StandingCoupon, row: CouponRow, listedAt: Date): FieldDifference[] {
  const { contact } = standing;
  const differences: FieldDifference[] = [];
  const check = (field: ComparedField, same: boolean, before: string, after: string, renewable = true) => {
    if (!same) differences.push({ field, before, after, renewable: renewable && RENEWABLE.has(field) });
  };
  const text = (field: ComparedField, before: string, after: string) => check(field, before === after, before, after);
  const newer = listedAt >= standing.listedAt && row.balanceYen <= standing.faceYen;
  text('prefecture', standing.prefecture, row.prefecture);
  text('issuer', standing.issuer, row.issuer);
  text('face', String(standing.faceYen), String(row.faceYen));
  check('balance', standing.listedYen === row.balanceYen, String(standing.listedYen), String(row.balanceYen), newer);
  text('valid', japanTime(lastMoment(standing.validUntil)), japanTime(lastMoment(row.validUntil)));
  text('app', inAppWord(standing.inApp), inAppWord(row.inApp));
  check('phone', contact.phone === row.phone, masked(contact.phone, maskPhone), masked(row.phone, maskPhone));
  check('mail', sameMail(contact.mail, row.mail), masked(contact.mail, maskMail), masked(row.mail, maskMail));
  text('left', standing.leftOn ?? '', row.leftOn ?? '');
  return differences;
}

/** The heading of a field's column in the file. */
export function fieldHeading(field: ComparedField): string {
  return COUPON_COLUMNS[field];
}

function inAppWord(inApp: boolean): string {
  return inApp ? '有' : '無';
}

function sameMail(one: string | null, other: string | null): boolean {
  return (one && normaliseMail(one)) === (other && normaliseMail(other));
}

function masked(value: string | null, mask: (value: string) => string): string {
  return value === null ? '' : mask(value);
}
