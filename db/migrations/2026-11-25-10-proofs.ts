import { type Kysely, sql } from 'kysely';

/** The proof of each day, one chain for each campaign. Nothing of it is ever changed. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table day_proofs (
      campaign_id text not null references campaigns,
      -- The Japanese day that had ended.
      day date not null,
      -- The bytes that are hashed.
      record text not null,
      previous bytea check (octet_length(previous) = 32),
      hash bytea not null unique check (octet_length(hash) = 32),
      key_id text,
      signature bytea check (octet_length(signature) = 64),
      made_at timestamptz not null,
      primary key (campaign_id, day),
      check ((key_id is null) = (signature is null))
    );
    create trigger day_proofs_append_only before update or delete or truncate on day_proofs
      for each statement execute function refuse_change();
    grant select, insert on day_proofs to uketori_console;
  `.execute(db);
}
