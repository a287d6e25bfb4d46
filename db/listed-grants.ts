import { type RawBuilder, sql } from 'kysely';
import type { Db, Trx } from './database';

/**
 * Whether a grant came from a list of who is owed, and so pays the coupon that it names whole: it is of no cut-off and no
 * claim, and not what a case gave back, which leaves the rest of its coupon owed. `grant` is the grants' name in the query.
 */
export function isListed(grant: string): RawBuilder<boolean> {
  const id = sql.ref(`${grant}.id`);
  return sql`(not exists (select 1 from grant_coupons x where x.grant_id = ${id}) and not exists (select 1 from cases k where k.grant_id = ${id}))`;
}

/** Which of these inquiry numbers name a coupon that the cut-off takes: whoever holds it is paid by that. */
export async function findTakenNumbers(db: Db | Trx, campaignId: string, inquiryNumbers: readonly string[]): Promise<ReadonlySet<string>> {
  if (inquiryNumbers.length === 0) return new Set();
  const { rows } = await sql<{ number: string }>`
    select w.number from unnest(${[...inquiryNumbers]}::text[]) as w(number)
      where exists (select 1 from coupons c join cutoff_lines l on l.coupon_id = c.id
        where c.campaign_id = ${campaignId} and c.plain_number = upper(replace(w.number, '-', '')))`.execute(db);
  return new Set(rows.map(({ number }) => number));
}
