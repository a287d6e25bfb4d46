import { type Kysely, sql } from 'kysely';

/** Acts on coupons from the console: an approval puts back no more than both people saw. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create index coupon_entries_approval on coupon_entries (approval_id) where approval_id is not null;

    create function check_put_back_sum() returns trigger language plpgsql as $$
    declare
      wrong record;
    begin
      select a.id into wrong
        from (select distinct approval_id from new_entries where kind = 'put_back' and approval_id is not null) n
        join approvals a on a.id = n.approval_id
        where a.yen < (select sum(e.yen) from coupon_entries e where e.approval_id = a.id and e.kind = 'put_back') limit 1;
      if found then
        raise exception 'approval % puts back more than it says', wrong.id using errcode = 'UK008';
      end if;
      return null;
    end $$;
    create trigger coupon_entries_put_back after insert on coupon_entries
      referencing new table as new_entries for each statement execute function check_put_back_sum();
    revoke all on function check_put_back_sum from public;
    grant execute on function check_put_back_sum to uketori_console;
  `.execute(db);
}
