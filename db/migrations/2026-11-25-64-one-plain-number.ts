import { type Kysely, sql } from 'kysely';

/** Numbers that differ only in hyphens and case are one for whoever reads them out: no two coupons of a programme may be. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    drop index coupons_plain_number;
    create unique index coupons_plain_number on coupons ((upper(replace(inquiry_number, '-', ''))), campaign_id);
  `.execute(db);
}
