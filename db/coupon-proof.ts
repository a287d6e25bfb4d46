import { sql } from 'kysely';
import { accountYen } from './coupons';
import type { Db, Trx } from './database';
import { isListed } from './listed-grants';
import type { DifferenceRow } from './proof';

/** Sums and cross-checks over the register of coupons, each as one statement. Run them in one snapshot. */

/** Null: all campaigns. */
type Scope = string | null;

export interface CouponSums {
  readonly campaign_id: string;
  readonly coupons: number;
  readonly face_yen: bigint;
  /** Spent without what was put back. */
  readonly spent_yen: bigint;
  readonly remaining_yen: bigint;
  readonly put_back_yen: bigint;
  readonly taken_yen: bigint;
  readonly granted_yen: bigint;
  readonly waiting_yen: bigint;
  /** Granted for cases: spent by mistake, and paid out after the cut-off. */
  readonly case_yen: bigint;
}

/** The register's accounts by campaign, and where what was taken went. */
export async function sumCoupons(trx: Trx, scope: Scope): Promise<CouponSums[]> {
  const { rows } = await sql<CouponSums>`
    select c.campaign_id, c.coupons, c.face_yen, coalesce(e.spent_yen, 0)::bigint as spent_yen,
        coalesce(e.remaining_yen, 0)::bigint as remaining_yen, coalesce(e.put_back_yen, 0)::bigint as put_back_yen,
        coalesce(e.taken_yen, 0)::bigint as taken_yen, coalesce(g.yen, 0)::bigint as granted_yen, coalesce(w.yen, 0)::bigint as waiting_yen,
        coalesce(t.yen, 0)::bigint as case_yen
      from (select campaign_id, count(*)::int as coupons, sum(face_yen)::bigint as face_yen from coupons group by campaign_id) c
      left join (
        select e.campaign_id, ${accountYen('spent')} as spent_yen, ${accountYen('remaining')} as remaining_yen,
            ${accountYen('taken')} as taken_yen, sum(e.yen) filter (where e.kind = 'put_back') as put_back_yen
          from coupon_entries e group by e.campaign_id
      ) e on e.campaign_id = c.campaign_id
      left join (select campaign_id, sum(yen) as yen from grant_coupons group by campaign_id) g on g.campaign_id = c.campaign_id
      left join (
        select l.campaign_id, sum(l.yen) as yen from cutoff_lines l join cutoffs k on k.campaign_id = l.campaign_id
          where l.way = 'claim' and l.person <= k.done_person and not exists (select 1 from grant_coupons gc where gc.coupon_id = l.coupon_id)
          group by l.campaign_id
      ) w on w.campaign_id = c.campaign_id
      left join (
        select s.campaign_id, sum(g.granted_yen) as yen from cases s join grants g on g.id = s.grant_id group by s.campaign_id
      ) t on t.campaign_id = c.campaign_id
      where ${scope}::text is null or c.campaign_id = ${scope}
      order by c.campaign_id
  `.execute(trx);
  return rows;
}

/** Coupons whose opening entry is not their face value, or whose accounts are overdrawn. */
export async function findCouponAccountDifferences(trx: Trx, scope: Scope): Promise<DifferenceRow[]> {
  const { rows } = await sql<DifferenceRow>`
    select c.campaign_id, c.inquiry_number as id, c.face_yen as expected_yen, coalesce(e.issued_yen, 0)::bigint as found_yen
      from coupons c
      left join (
        select e.coupon_id, sum(e.yen) filter (where e.kind = 'issued') as issued_yen,
            ${accountYen('remaining')} as remaining_yen, ${accountYen('spent')} as spent_yen
          from coupon_entries e group by e.coupon_id
      ) e on e.coupon_id = c.id
      where (${scope}::text is null or c.campaign_id = ${scope})
        and (e.issued_yen is distinct from c.face_yen or e.remaining_yen < 0 or e.spent_yen < 0)
      order by c.inquiry_number
  `.execute(trx);
  return rows;
}

/** Payments that took something and are not entered as such, or the other way round. */
export async function findPaymentDifferences(trx: Trx, scope: Scope): Promise<DifferenceRow[]> {
  const { rows } = await sql<DifferenceRow>`
    select coalesce(p.campaign_id, e.campaign_id) as campaign_id, coalesce(p.number, e.payment_number) as id,
        coalesce(p.yen, 0)::bigint as expected_yen, coalesce(e.yen, 0)::bigint as found_yen
      from (select * from payments where booking = 'entered') p
      full join (select * from coupon_entries where kind = 'spent') e on e.campaign_id = p.campaign_id and e.payment_number = p.number
      where (${scope}::text is null or coalesce(p.campaign_id, e.campaign_id) = ${scope})
        and (p.yen is distinct from e.yen or p.coupon_id is distinct from e.coupon_id)
      order by 2
  `.execute(trx);
  return rows;
}

/** Coupons whose file said other yen were left than face value without the payments until then. */
export async function findListedDifferences(trx: Db | Trx, scope: Scope): Promise<DifferenceRow[]> {
  const { rows } = await sql<DifferenceRow>`
    select c.campaign_id, c.inquiry_number as id, c.listed_yen as expected_yen, (c.face_yen - coalesce(p.yen, 0))::bigint as found_yen
      from coupons c
      left join (
        select p.coupon_id, sum(p.yen) as yen from payments p join coupons o on o.id = p.coupon_id
          where p.outcome <> 'timed_out' and p.paid_at < o.listed_at and (${scope}::text is null or p.campaign_id = ${scope})
          group by p.coupon_id
      ) p on p.coupon_id = c.id
      where (${scope}::text is null or c.campaign_id = ${scope}) and c.listed_yen <> c.face_yen - coalesce(p.yen, 0)
      order by c.inquiry_number
  `.execute(trx);
  return rows;
}

/** Payments that came after their coupon's rest had been taken: the yen were granted and spent. */
export async function findLatePayments(trx: Db | Trx, scope: Scope): Promise<DifferenceRow[]> {
  const { rows } = await sql<DifferenceRow>`
    select campaign_id, number as id, 0::bigint as expected_yen, yen as found_yen from payments
      where booking = 'late' and (${scope}::text is null or campaign_id = ${scope}) order by number
  `.execute(trx);
  return rows;
}

/** Lines of the cut-off that are done and not taken as they say, coupons taken without a line, and app lines without a grant. */
export async function findTakenDifferences(trx: Trx, scope: Scope): Promise<DifferenceRow[]> {
  const { rows } = await sql<DifferenceRow>`
    select coalesce(l.campaign_id, e.campaign_id) as campaign_id, coalesce(l.coupon_id, e.coupon_id)::text as id,
        coalesce(l.yen, 0)::bigint as expected_yen,
        case when l.way = 'app' then coalesce(g.yen, 0) else coalesce(e.yen, 0) end::bigint as found_yen
      from (select l.* from cutoff_lines l join cutoffs k on k.campaign_id = l.campaign_id where l.person <= k.done_person) l
      full join (select * from coupon_entries where kind = 'taken') e on e.coupon_id = l.coupon_id
      left join grant_coupons g on g.coupon_id = coalesce(l.coupon_id, e.coupon_id)
      where (${scope}::text is null or coalesce(l.campaign_id, e.campaign_id) = ${scope})
        and (l.yen is distinct from e.yen or (l.way = 'app' and g.yen is distinct from l.yen))
      order by 2
  `.execute(trx);
  return rows;
}

/** Grants made of coupons whose lines do not make their amount. */
export async function findCouponGrantDifferences(trx: Trx, scope: Scope): Promise<DifferenceRow[]> {
  const { rows } = await sql<DifferenceRow>`
    select g.campaign_id, g.id, g.granted_yen as expected_yen, c.yen as found_yen
      from grants g join (select grant_id, sum(yen)::bigint as yen from grant_coupons group by grant_id) c on c.grant_id = g.id
      where (${scope}::text is null or g.campaign_id = ${scope}) and g.granted_yen <> c.yen order by g.id
  `.execute(trx);
  return rows;
}

/** Cases that were approved and did not come to what was approved, in the register or as a grant. */
export async function findCaseDifferences(trx: Trx, scope: Scope): Promise<DifferenceRow[]> {
  const { rows } = await sql<DifferenceRow>`
    select s.campaign_id, s.number as id, coalesce(a.yen, 0)::bigint as expected_yen,
        case when g.granted_yen is distinct from a.yen and s.outcome = 'granted' then coalesce(g.granted_yen, 0)
          else coalesce(e.yen, 0) end::bigint as found_yen
      from cases s
      left join approvals a on a.id = s.approval_id
      left join grants g on g.id = s.grant_id
      left join lateral (
        select sum(e.yen) as yen from coupon_entries e
          where e.approval_id = s.approval_id and e.coupon_id = s.coupon_id
            and e.kind = case s.outcome when 'granted' then 'granted' else 'put_back' end
      ) e on true
      where (${scope}::text is null or s.campaign_id = ${scope}) and (s.outcome is not null or s.grant_id is not null)
        and (e.yen is distinct from a.yen or (s.outcome = 'granted' and g.granted_yen is distinct from a.yen))
      order by s.number
  `.execute(trx);
  return rows;
}

/** Claims whose grant or whose coupons are not what was approved, and grants of waiting coupons that no claim has. */
export async function findClaimDifferences(trx: Trx, scope: Scope): Promise<DifferenceRow[]> {
  const { rows } = await sql<DifferenceRow>`
    select c.campaign_id, c.number as id, coalesce(a.yen, 0)::bigint as expected_yen,
        case when g.granted_yen is distinct from a.yen then g.granted_yen else coalesce(l.yen, 0) end::bigint as found_yen
      from claims c
      join grants g on g.id = c.grant_id
      left join approval_claims a on a.approval_id = c.approval_id and a.claim_id = c.id and a.state = 'done'
      left join lateral (
        select sum(x.yen) as yen from claim_coupons n join grant_coupons x on x.coupon_id = n.coupon_id and x.grant_id = c.grant_id
          where n.claim_id = c.id
      ) l on true
      where (${scope}::text is null or c.campaign_id = ${scope})
        and (g.granted_yen is distinct from a.yen or l.yen is distinct from a.yen)
    union all
    select x.campaign_id, x.grant_id::text, 0::bigint, sum(x.yen)::bigint
      from cutoff_lines l join grant_coupons x on x.coupon_id = l.coupon_id
      where l.way = 'claim' and (${scope}::text is null or x.campaign_id = ${scope})
        and not exists (select 1 from claims c where c.grant_id = x.grant_id)
      group by x.campaign_id, x.grant_id
    order by 2
  `.execute(trx);
  return rows;
}

/** Coupons that the cut-off took and that a list granted as well: expected is what was taken, found what both come to. */
export async function findDoubleGrants(trx: Trx, scope: Scope): Promise<DifferenceRow[]> {
  const { rows } = await sql<DifferenceRow>`
    select c.campaign_id, c.inquiry_number as id, l.yen as expected_yen, (l.yen + g.granted_yen)::bigint as found_yen
      from grants g
      join coupons c on c.campaign_id = g.campaign_id and c.plain_number = g.plain_inquiry
      join cutoff_lines l on l.coupon_id = c.id
      where (${scope}::text is null or g.campaign_id = ${scope}) and g.inquiry_number is not null and ${isListed('g')}
      order by c.inquiry_number
  `.execute(trx);
  return rows;
}
