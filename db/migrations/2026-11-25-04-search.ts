import { type Kysely, sql } from 'kysely';

/**
 * What people are found by: beginnings and ends of names, numbers and addresses, each as 63 bits under the index key.
 * Filed by a job after the import, which stays as quick as it is; what changes is filed anew.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table search_entries (
      recipient_id uuid primary key,
      campaign_id text not null,
      index_key_id text not null,
      tokens bigint[] not null,
      foreign key (recipient_id, campaign_id) references recipients (id, campaign_id)
    );
    create index search_entries_tokens on search_entries using gin (tokens);
    create index search_entries_key on search_entries (index_key_id);

    -- Recipients that wait to be filed: one row for each statement that wrote some.
    create table search_batches (
      id uuid primary key default gen_random_uuid(),
      position bigint generated always as identity,
      recipient_ids uuid[] not null,
      people integer not null,
      -- When a job was last asked for.
      queued_at timestamptz
    );
    create index search_batches_position on search_batches (position);

    create function note_recipients() returns trigger language plpgsql security definer set search_path = pg_catalog, public as $$
    begin
      insert into search_batches (recipient_ids, people)
        select array_agg(id), count(*) from written having count(*) > 0;
      return null;
    end $$;
    create trigger recipients_inserted after insert on recipients
      referencing new table as written for each statement execute function note_recipients();
    create trigger recipients_updated after update on recipients
      referencing new table as written for each statement execute function note_recipients();
    -- Who was there before.
    insert into search_batches (recipient_ids, people)
      select array_agg(id), count(*) from (select id, (row_number() over (order by id) - 1) / 2000 as part from recipients) r group by part order by part;

    -- Numbers as people type them: without hyphens, in capitals.
    create index grants_number_form on grants (campaign_id, (upper(replace(number, '-', ''))) text_pattern_ops);
    drop index grants_inquiry;
    create index grants_inquiry_form on grants (campaign_id, (upper(replace(inquiry_number, '-', ''))) text_pattern_ops)
      where inquiry_number is not null;

    -- How often one member of staff looked at whole contacts today.
    create index audit_entries_unmask on audit_entries (actor, at) where act = 'unmask';

    grant select, insert, update on search_entries to uketori_console;
    grant select, delete on search_batches to uketori_console;
    grant update (recipient_ids, people, queued_at) on search_batches to uketori_console;
    grant execute on function note_recipients to uketori_console;
  `.execute(db);
}
