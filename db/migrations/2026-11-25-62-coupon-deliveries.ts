import { type Kysely, sql } from 'kysely';

/**
 * Newer deliveries of a register: where a file and the register differed, field by field, and which of it the register
 * took over. A coupon's contact, app and listed balance change only with such a line; its money and validity never do.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table coupon_differences (
      import_id uuid not null references imports,
      coupon_id uuid not null,
      campaign_id text not null,
      field text not null check (field in ('prefecture', 'issuer', 'face', 'balance', 'valid', 'app', 'phone', 'mail', 'left')),
      -- As people read it. Telephone numbers and addresses are named only, not kept.
      before text check (length(before) <= 200),
      after text check (length(after) <= 200),
      -- Whether the register took the file's value.
      renewed boolean not null,
      primary key (import_id, coupon_id, field),
      foreign key (coupon_id, campaign_id) references coupons (id, campaign_id),
      check (not renewed or field in ('balance', 'app', 'phone', 'mail', 'left')),
      check (field not in ('phone', 'mail') or (before is null and after is null))
    );
    create index coupon_differences_coupon on coupon_differences (coupon_id);
    create index imports_campaign on imports (campaign_id, kind, at);

    -- The delivery that last brought it up to date; null: it is as it first came.
    alter table coupons add column renewed_by uuid references imports;

    create or replace function check_coupon_change() returns trigger language plpgsql as $$
    begin
      if (new.id, new.campaign_id, new.import_id, new.inquiry_number, new.prefecture, new.issuer, new.face_yen, new.valid_until)
        is distinct from (old.id, old.campaign_id, old.import_id, old.inquiry_number, old.prefecture, old.issuer, old.face_yen,
          old.valid_until) then
        raise exception 'a coupon is what it was when it was imported' using errcode = 'UK003';
      end if;
      if (new.listed_yen, new.listed_at, new.in_app, new.left_on, new.renewed_by)
          is distinct from (old.listed_yen, old.listed_at, old.in_app, old.left_on, old.renewed_by)
        and (new.renewed_by is not distinct from old.renewed_by
          or not exists (select 1 from coupon_differences d where d.coupon_id = new.id and d.import_id = new.renewed_by and d.renewed)
          or exists (select 1 from cutoffs k where k.campaign_id = new.campaign_id)) then
        raise exception 'a coupon is brought up to date by a delivery before the cut-off' using errcode = 'UK003';
      end if;
      return new;
    end $$;

    create trigger coupon_differences_append_only before update or delete or truncate on coupon_differences
      for each statement execute function refuse_change();
    grant select on coupon_differences to uketori_console;
    alter table coupon_differences enable row level security;
    create policy for_everybody on coupon_differences to uketori_web, uketori_worker using (true) with check (true);
    create policy own_campaigns on coupon_differences to uketori_console
      using (coalesce(nullif(current_setting('uketori.campaigns', true), ''), '*') = '*'
        or campaign_id = any(string_to_array(current_setting('uketori.campaigns', true), ' ')));
  `.execute(db);
}
