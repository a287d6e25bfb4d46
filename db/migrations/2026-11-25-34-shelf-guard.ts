import { type Kysely, sql } from 'kysely';

/**
 * What the console may add to a shelf: fresh codes, within an import of bought codes that is still being written. A
 * process that was taken over cannot mark codes as handed out, nor slip some into an import that somebody vouched for,
 * nor rewrite what an import came to.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create function check_console_import() returns trigger language plpgsql as $$
    begin
      if current_user <> 'uketori_console' then return new; end if;
      if tg_op = 'INSERT' and (new.kind <> 'stock' or new.actor not like 'staff:%'
        or (new.row_count, new.accepted_count, new.rejected_count, new.total_yen) is distinct from (0, 0, 0, 0::bigint)) then
        raise exception 'the console opens only imports of stock' using errcode = 'UK003';
      end if;
      if tg_op = 'UPDATE' and old.row_count <> 0 then
        raise exception 'import % is finished', old.id using errcode = 'UK003';
      end if;
      return new;
    end $$;
    create trigger imports_console before insert or update on imports for each row execute function check_console_import();

    create function check_new_stock() returns trigger language plpgsql as $$
    begin
      if current_user = 'uketori_console' and (new.issuance_id is not null or not exists (
        select 1 from imports i where i.id = new.import_id and i.campaign_id = new.campaign_id and i.kind = 'stock' and i.row_count = 0)) then
        raise exception 'stock code % does not belong to an open import', new.id using errcode = 'UK003';
      end if;
      return new;
    end $$;
    create trigger stock_codes_new before insert on stock_codes for each row execute function check_new_stock();
    grant execute on function check_console_import, check_new_stock to uketori_web, uketori_worker, uketori_console;
  `.execute(db);
}
