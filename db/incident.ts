import { sql } from 'kysely';
import type { Db } from './database';

export interface IncidentRow {
  readonly coupon_id: string;
  readonly inquiry_number: string;
  readonly number: string;
  readonly shop: string;
  readonly yen: bigint;
  readonly paid_at: Date;
  readonly outcome: 'paid' | 'timed_out' | 'unanswered';
  readonly put_back: boolean;
}

/**
 * Payments of the failure of the next coupons that may have a candidate: an unanswered one, or the same shop and amount
 * more than once. In the order of inquiry numbers, whole coupons only.
 */
export async function listIncidentPayments(
  db: Db,
  of: { campaignId: string; from: Date; until: Date; after: string; coupons: number },
): Promise<IncidentRow[]> {
  const { rows } = await sql<IncidentRow>`
    with suspicious as (
      select distinct coupon_id from (
        select coupon_id from payments
          where campaign_id = ${of.campaignId} and paid_at >= ${of.from} and paid_at < ${of.until} and outcome <> 'timed_out'
          group by coupon_id, shop, yen having count(*) > 1 or bool_or(outcome = 'unanswered')
      ) s
    ), page as (
      select c.id, c.inquiry_number from coupons c join suspicious s on s.coupon_id = c.id
        where c.inquiry_number > ${of.after} order by c.inquiry_number limit ${of.coupons}
    )
    select p.coupon_id, c.inquiry_number, p.number, p.shop, p.yen, p.paid_at, p.outcome,
        exists (select 1 from coupon_entries e where e.campaign_id = p.campaign_id and e.payment_number = p.number and e.kind in ('put_back', 'granted')) as put_back
      from page c join payments p on p.coupon_id = c.id
      where p.paid_at >= ${of.from} and p.paid_at < ${of.until}
      order by c.inquiry_number, p.paid_at, p.number
  `.execute(db);
  return rows;
}
