import { sql } from 'kysely';
import { accountYen } from './coupons';
import type { Db, Trx } from './database';
import type { Coupon } from './tables/coupons';

export interface CouponSheet {
  readonly id: string;
  readonly campaignId: string;
  readonly inquiryNumber: string;
  readonly prefecture: string;
  readonly issuer: string;
  readonly faceYen: bigint;
  readonly listedYen: bigint;
  readonly spentYen: bigint;
  readonly remainingYen: bigint;
  readonly takenYen: bigint;
  readonly putBack: boolean;
  /** Exclusive instants: as issued, and as extended for this coupon (null: never). */
  readonly validUntil: Date;
  readonly extendedUntil: Date | null;
  readonly inApp: boolean;
  readonly leftOn: string | null;
}

/** A coupon with its balances. */
export async function findCouponSheet(
  db: Db | Trx,
  { campaignId, ...which }: { campaignId: string } & ({ inquiryNumber: string } | { id: string }),
): Promise<CouponSheet | null> {
  const { rows } = await sql<
    Coupon & { spent_yen: bigint; remaining_yen: bigint; taken_yen: bigint; put_back: boolean; extended_until: Date | null }
  >`
    select c.id, c.campaign_id, c.inquiry_number, c.prefecture, c.issuer, c.face_yen, c.listed_yen, c.valid_until, c.in_app, c.left_on,
        b.*, (select max(x.until) from coupon_extensions x where x.coupon_id = c.id) as extended_until
      from coupons c cross join lateral (
        select ${accountYen('spent')} as spent_yen, ${accountYen('remaining')} as remaining_yen, ${accountYen('taken')} as taken_yen,
            coalesce(bool_or(e.kind = 'put_back'), false) as put_back
          from coupon_entries e where e.coupon_id = c.id
      ) b
      where c.campaign_id = ${campaignId} and ${'id' in which ? sql`c.id = ${which.id}` : sql`c.inquiry_number = ${which.inquiryNumber}`}
  `.execute(db);
  const [row] = rows;
  if (!row) return null;
  return {
    id: row.id,
    campaignId: row.campaign_id,
    inquiryNumber: row.inquiry_number,
    prefecture: row.prefecture,
    issuer: row.issuer,
    faceYen: row.face_yen,
    listedYen: row.listed_yen,
    spentYen: row.spent_yen,
    remainingYen: row.remaining_yen,
    takenYen: row.taken_yen,
    putBack: row.put_back,
    validUntil: row.valid_until,
    extendedUntil: row.extended_until,
    inApp: row.in_app,
    leftOn: row.left_on,
  };
}

/** Until when all coupons of rule A were extended; null when they were not. */
export async function findExtensionOfAll(db: Db | Trx, campaignId: string): Promise<Date | null> {
  const { until } = await db
    .selectFrom('coupon_extensions')
    .where('campaign_id', '=', campaignId)
    .where('coupon_id', 'is', null)
    .select((eb) => eb.fn.max('until').as('until'))
    .executeTakeFirstOrThrow();
  return until;
}

/** How many coupons rule A covers that have something left, and how much. */
export async function countCovered(
  db: Db | Trx,
  { campaignId, began, expiredAt }: { campaignId: string; began: Date; expiredAt: Date },
): Promise<{ coupons: number; yen: bigint }> {
  const { rows } = await sql<{ coupons: number; yen: bigint }>`
    select count(*)::int as coupons, coalesce(sum(r.yen), 0)::bigint as yen from coupons c
      join (select e.coupon_id, ${accountYen('remaining')} as yen from coupon_entries e where e.campaign_id = ${campaignId} group by e.coupon_id) r
        on r.coupon_id = c.id
      where c.valid_until > ${began} and c.valid_until <= ${expiredAt} and r.yen > 0
  `.execute(db);
  return rows[0] ?? { coupons: 0, yen: 0n };
}

/** Locks a coupon for the rest of the transaction. */
export async function lockCoupon(trx: Trx, couponId: string): Promise<void> {
  await trx.selectFrom('coupons').select('id').where('id', '=', couponId).forNoKeyUpdate().execute();
}

/** Payments of a coupon that can be given back: entered, and neither put back nor granted already. */
export async function listReturnable(
  trx: Db | Trx,
  { campaignId, couponId, numbers }: { campaignId: string; couponId: string; numbers: readonly string[] },
): Promise<{ number: string; yen: bigint }[]> {
  return trx
    .selectFrom('payments as p')
    .where('p.campaign_id', '=', campaignId)
    .where('p.coupon_id', '=', couponId)
    .where('p.booking', '=', 'entered')
    .where('p.number', 'in', numbers as string[])
    .where((eb) =>
      eb.not(
        eb.exists(
          eb
            .selectFrom('coupon_entries as e')
            .whereRef('e.campaign_id', '=', 'p.campaign_id')
            .whereRef('e.payment_number', '=', 'p.number')
            .where('e.kind', 'in', ['put_back', 'granted'])
            .select('e.id'),
        ),
      ),
    )
    .orderBy('p.number')
    .select(['p.number', 'p.yen'])
    .execute();
}

/** Who decided, why and on what evidence: what every act on a coupon records. */
export interface CouponLeave {
  readonly actor: string;
  /** The approval that an act of staff stands on; the owner's command line has none. */
  readonly approvalId?: string;
  readonly reason: string;
  readonly evidence: string;
  readonly at: Date;
}

/** Puts the yen of payments back on their coupon. */
export async function appendPutBack(
  trx: Trx,
  coupon: { readonly id: string; readonly campaignId: string },
  payments: readonly { readonly number: string; readonly yen: bigint }[],
  leave: CouponLeave,
): Promise<void> {
  await trx
    .insertInto('coupon_entries')
    .values(
      payments.map(({ number, yen }) => ({
        coupon_id: coupon.id,
        campaign_id: coupon.campaignId,
        kind: 'put_back' as const,
        from_account: 'spent' as const,
        to_account: 'remaining' as const,
        yen,
        payment_number: number,
        approval_id: leave.approvalId ?? null,
        reason: leave.reason,
        evidence: leave.evidence,
        actor: leave.actor,
        at: leave.at,
      })),
    )
    .execute();
}

/** Extends one coupon's validity, or (null) that of all that rule A covers. */
export async function appendExtension(
  trx: Trx,
  extension: { id: string; campaignId: string; couponId: string | null; until: Date },
  leave: CouponLeave,
): Promise<void> {
  await trx
    .insertInto('coupon_extensions')
    .values({
      id: extension.id,
      campaign_id: extension.campaignId,
      coupon_id: extension.couponId,
      until: extension.until,
      approval_id: leave.approvalId ?? null,
      reason: leave.reason,
      evidence: leave.evidence,
      actor: leave.actor,
      at: leave.at,
    })
    .execute();
}
