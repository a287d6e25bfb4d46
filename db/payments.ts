import { sql } from 'kysely';
import type { BulkTrx } from './bulk';
import { CopyRows } from './copy-rows';
import { accountYen } from './coupons';
import type { Trx } from './database';

const STAGED_COLUMNS = ['row_number', 'number', 'inquiry_number', 'shop', 'yen', 'paid_at', 'outcome'];

export interface NewPayment {
  readonly row: number;
  readonly number: string;
  readonly inquiryNumber: string;
  readonly shop: string;
  readonly yen: bigint;
  readonly paidAt: Date;
  readonly outcome: 'paid' | 'timed_out' | 'unanswered';
}

/** Payments of one batch, on their way to where they are judged. */
export class StagedPayments {
  private readonly rows = new CopyRows();

  add(row: NewPayment): void {
    this.rows
      .row(STAGED_COLUMNS.length)
      .int4(row.row)
      .text(row.number)
      .text(row.inquiryNumber)
      .text(row.shop)
      .int8(row.yen)
      .instant(row.paidAt)
      .text(row.outcome);
  }

  async write(bulk: BulkTrx): Promise<void> {
    await bulk.copy('staged_payments', STAGED_COLUMNS, this.rows);
    this.rows.clear();
  }
}

/** Where a file's payments stand while the register judges them; ends with the transaction. */
export async function openStaging(trx: Trx): Promise<void> {
  await sql`create temporary table staged_payments (row_number integer not null, number text not null, inquiry_number text not null,
    shop text not null, yen bigint not null, paid_at timestamptz not null, outcome text not null) on commit drop`.execute(trx);
}

/** Judges the staged payments against the register: known number, unknown coupon, more than was left. Sees every row once. */
export async function judgeStaged(trx: Trx, campaignId: string): Promise<void> {
  await sql`analyze staged_payments`.execute(trx);
  await sql`
    create temporary table judged_payments on commit drop as
      select s.*, c.id as coupon_id, (l.coupon_id is not null) as taken,
          case when p.number is not null then 'number_exists' when c.id is null then 'coupon_unknown' end as problem
        from staged_payments s
        left join payments p on p.campaign_id = ${campaignId} and p.number = s.number
        left join coupons c on c.campaign_id = ${campaignId} and c.plain_number = upper(replace(s.inquiry_number, '-', ''))
        left join cutoff_lines l on l.coupon_id = c.id
  `.execute(trx);
  await sql`analyze judged_payments`.execute(trx);
  await sql`
    create temporary table overdrawn_payments on commit drop as
      -- The first of a coupon that is too much, and those after it: they are refused only because it counts.
      select o.row_number, row_number() over (partition by o.coupon_id order by o.paid_at, o.row_number) > 1 as is_behind from (
          select j.row_number, j.coupon_id, j.paid_at, sum(j.yen) over (partition by j.coupon_id order by j.paid_at, j.row_number) as spent_yen
            from judged_payments j where j.problem is null and not j.taken and j.outcome <> 'timed_out'
        ) o
        join (
          select e.coupon_id, ${accountYen('remaining')} as remaining_yen from coupon_entries e
            where e.campaign_id = ${campaignId} and e.coupon_id in (select coupon_id from judged_payments) group by e.coupon_id
        ) r on r.coupon_id = o.coupon_id
        where o.spent_yen > r.remaining_yen
  `.execute(trx);
  await sql`update judged_payments j set problem = case when o.is_behind then 'behind_refused' else 'above_remaining' end
    from overdrawn_payments o where o.row_number = j.row_number`.execute(trx);
}

export interface RefusedPayment {
  readonly row: number;
  readonly number: string;
  readonly yen: bigint;
  readonly problem: 'number_exists' | 'coupon_unknown' | 'above_remaining' | 'behind_refused';
}

/** The next rows that the register refuses, in the order of the file. Yen that would have been taken. */
export async function listRefused(trx: Trx, after: number, limit: number): Promise<RefusedPayment[]> {
  const { rows } = await sql<{ row_number: number; number: string; yen: bigint; problem: RefusedPayment['problem'] }>`
    select row_number, number, case when outcome = 'timed_out' then 0 else yen end as yen, problem from judged_payments
      where problem is not null and row_number > ${after} order by row_number limit ${limit}
  `.execute(trx);
  return rows.map(({ row_number, ...row }) => ({ row: row_number, ...row }));
}

/** Writes the payments that stand, and the entries of those that took something off a coupon. */
export async function writeJudged(
  trx: Trx,
  { campaignId, importId, actor, at }: { campaignId: string; importId: string; actor: string; at: Date },
): Promise<void> {
  await sql`
    insert into payments (campaign_id, number, import_id, coupon_id, shop, yen, paid_at, outcome, booking)
      select ${campaignId}, number, ${importId}::uuid, coupon_id, shop, yen, paid_at, outcome,
          case when outcome = 'timed_out' then 'nothing' when taken then 'late' else 'entered' end
        from judged_payments where problem is null order by row_number
  `.execute(trx);
  await sql`
    insert into coupon_entries (coupon_id, campaign_id, kind, from_account, to_account, yen, payment_number, actor, at)
      select coupon_id, ${campaignId}, 'spent', 'remaining', 'spent', yen, number, ${actor}, ${at}
        from judged_payments where problem is null and not taken and outcome <> 'timed_out' order by row_number
  `.execute(trx);
}
