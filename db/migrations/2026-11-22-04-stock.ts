import { type Kysely, sql } from 'kysely';

/** Bought codes, waiting to be handed out. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table stock_codes (
      id uuid primary key,
      campaign_id text not null,
      provider text not null,
      import_id uuid not null references imports,
      yen bigint not null check (yen > 0),
      -- Emptied when the code is handed out; from then on the issuance holds it.
      code_sealed bytea,
      code_key_id text,
      digest bytea not null check (octet_length(digest) = 32),
      starts_on date,
      expires_on date not null,
      issuance_id uuid references issuances unique,
      claimed_at timestamptz,
      unique (provider, digest),
      foreign key (campaign_id, provider) references offers (campaign_id, provider),
      check ((issuance_id is null) = (claimed_at is null)),
      check ((issuance_id is null) = (code_sealed is not null)),
      check ((code_sealed is null) = (code_key_id is null))
    );
    create index stock_codes_free on stock_codes (campaign_id, provider, yen, expires_on, id) where issuance_id is null;
    create index stock_codes_key on stock_codes (code_key_id, id) where code_key_id is not null;

    create function check_stock_change() returns trigger language plpgsql as $$
    begin
      if old.issuance_id is not null then
        raise exception 'stock code % was handed out already', old.id using errcode = 'UK003';
      end if;
      if (new.id, new.campaign_id, new.provider, new.yen, new.digest, new.expires_on)
        is distinct from (old.id, old.campaign_id, old.provider, old.yen, old.digest, old.expires_on) then
        raise exception 'a stock code cannot change' using errcode = 'UK003';
      end if;
      return new;
    end $$;
    create trigger stock_codes_change before update on stock_codes
      for each row execute function check_stock_change();
  `.execute(db);
}
