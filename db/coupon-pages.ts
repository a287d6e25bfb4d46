import { sql } from 'kysely';
import type { CaseState } from '../app/domain/case';
import type { ClaimState } from '../app/domain/claim';
import type { Db } from './database';

/** What the console's pages show of coupons. */

/** Coupons of these campaigns with an inquiry number. */
export async function listCouponsOfNumber(
  db: Db,
  { campaigns, inquiryNumber }: { campaigns: readonly string[]; inquiryNumber: string },
): Promise<{ id: string; campaignId: string; inquiryNumber: string; issuer: string; faceYen: bigint }[]> {
  if (campaigns.length === 0) return [];
  return db
    .selectFrom('coupons')
    .where('campaign_id', 'in', [...campaigns])
    .where('inquiry_number', '=', inquiryNumber)
    .orderBy('campaign_id')
    .select(['id', 'campaign_id as campaignId', 'inquiry_number as inquiryNumber', 'issuer', 'face_yen as faceYen'])
    .execute();
}

/** The campaign a coupon belongs to; null when there is none. */
export async function findCouponCampaign(db: Db, couponId: string): Promise<string | null> {
  const row = await db.selectFrom('coupons').select('campaign_id').where('id', '=', couponId).executeTakeFirst();
  return row?.campaign_id ?? null;
}

/** What a coupon's sheet leaves out: its sealed contact, and what its file said was left, when. */
export async function findCouponRest(db: Db, couponId: string) {
  return db
    .selectFrom('coupons')
    .where('id', '=', couponId)
    .select(['id', 'contact_sealed', 'contact_key_id', 'listed_at as listedAt'])
    .executeTakeFirstOrThrow();
}

export interface CouponPaymentRow {
  readonly number: string;
  readonly shop: string;
  readonly yen: bigint;
  readonly paid_at: Date;
  readonly outcome: 'paid' | 'timed_out' | 'unanswered';
  readonly booking: 'entered' | 'nothing' | 'late';
  readonly put_back_at: Date | null;
}

/** A coupon's payments in the order of time, and when each was put back. */
export async function listCouponPayments(db: Db, couponId: string): Promise<CouponPaymentRow[]> {
  const { rows } = await sql<CouponPaymentRow>`
    select p.number, p.shop, p.yen, p.paid_at, p.outcome, p.booking, e.at as put_back_at
      from payments p
      left join coupon_entries e on e.campaign_id = p.campaign_id and e.payment_number = p.number and e.kind in ('put_back', 'granted')
      where p.coupon_id = ${couponId} order by p.paid_at, p.number
  `.execute(db);
  return rows;
}

/** A coupon's account lines, in the order in which they were entered. */
export async function listCouponEntries(db: Db, couponId: string) {
  return db
    .selectFrom('coupon_entries')
    .where('coupon_id', '=', couponId)
    .orderBy('id')
    .select(['kind', 'yen', 'payment_number as payment', 'reason', 'evidence', 'actor', 'at', 'approval_id as approvalId'])
    .execute();
}

/** How long a coupon is valid and why: its own extensions and those of all. */
export async function listCouponExtensions(db: Db, { couponId, campaignId }: { couponId: string; campaignId: string }) {
  return db
    .selectFrom('coupon_extensions')
    .where('campaign_id', '=', campaignId)
    .where((eb) => eb.or([eb('coupon_id', '=', couponId), eb('coupon_id', 'is', null)]))
    .orderBy('at')
    .select(['coupon_id as couponId', 'until', 'reason', 'evidence', 'actor', 'at', 'approval_id as approvalId'])
    .execute();
}

/** Grants made of a coupon, or listed with its number: who holds what was left. */
export async function listCouponGrants(db: Db, of: { couponId: string; campaignId: string; inquiryNumber: string }) {
  const { rows } = await sql<{
    id: string;
    number: string;
    yen: bigint;
    recipient_id: string;
    contact_sealed: Buffer;
    contact_key_id: string;
  }>`
    select g.id, g.number, coalesce(l.yen, g.granted_yen) as yen, r.id as recipient_id, r.contact_sealed, r.contact_key_id
      from grants g join recipients r on r.id = g.recipient_id
      left join grant_coupons l on l.grant_id = g.id and l.coupon_id = ${of.couponId}
      where g.id in (
        select grant_id from grant_coupons where coupon_id = ${of.couponId}
        union select id from grants where campaign_id = ${of.campaignId} and plain_inquiry = upper(replace(${of.inquiryNumber}, '-', '')))
      order by g.number
  `.execute(db);
  return rows;
}

/** Claims that name a coupon. */
/** Cases about a coupon, in the order in which they came. */
export async function listCouponCases(
  db: Db,
  couponId: string,
): Promise<{ id: string; number: string; state: CaseState; receivedAt: Date }[]> {
  return db
    .selectFrom('cases')
    .where('coupon_id', '=', couponId)
    .select(['id', 'number', 'state', 'opened_at as receivedAt'])
    .orderBy('opened_at')
    .orderBy('id')
    .execute();
}

/** The claims that name a coupon's inquiry number, in the order in which they came. */
export async function listCouponClaims(
  db: Db,
  of: { couponId: string; campaignId: string; inquiryNumber: string },
): Promise<{ id: string; number: string; state: ClaimState; receivedAt: Date }[]> {
  return db
    .selectFrom('claims as c')
    .where((eb) =>
      eb.exists(
        eb
          .selectFrom('claim_coupons as n')
          .whereRef('n.claim_id', '=', 'c.id')
          .where('n.campaign_id', '=', of.campaignId)
          .where('n.inquiry_number', '=', of.inquiryNumber)
          .select('n.claim_id'),
      ),
    )
    .orderBy('c.received_at')
    .select(['c.id', 'c.number', 'c.state', 'c.received_at as receivedAt'])
    .execute();
}
