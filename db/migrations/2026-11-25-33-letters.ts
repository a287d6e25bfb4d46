import { type Kysely, sql } from 'kysely';

/** Letters to people whom no message reached: printed in batches, each letter on the record. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table letter_batches (
      id uuid primary key,
      campaign_id text not null references campaigns,
      -- Counted up within the campaign; it stands in the file's name.
      number integer not null check (number > 0),
      letters integer not null check (letters > 0),
      opened_by text not null,
      opened_at timestamptz not null,
      -- When its file was first written whole; null: not yet.
      printed_at timestamptz,
      unique (campaign_id, number),
      unique (id, campaign_id)
    );

    create table letters (
      batch_id uuid not null,
      campaign_id text not null,
      position integer not null check (position > 0),
      grant_id uuid not null,
      -- The link that is printed on it; a change of address makes it void.
      link_generation integer not null check (link_generation > 0),
      primary key (batch_id, position),
      foreign key (batch_id, campaign_id) references letter_batches (id, campaign_id),
      foreign key (grant_id, campaign_id) references grants (id, campaign_id),
      -- Nobody gets two letters with one link; a lost file is printed again from its batch.
      unique (grant_id, link_generation)
    );

    create function check_letter_batch_change() returns trigger language plpgsql as $$
    begin
      if (new.id, new.campaign_id, new.number, new.letters, new.opened_by, new.opened_at)
        is distinct from (old.id, old.campaign_id, old.number, old.letters, old.opened_by, old.opened_at)
        or old.printed_at is not null then
        raise exception 'a batch of letters keeps what it is' using errcode = 'UK003';
      end if;
      return new;
    end $$;
    create trigger letter_batches_change before update on letter_batches for each row execute function check_letter_batch_change();
    create trigger letter_batches_stay before delete or truncate on letter_batches for each statement execute function refuse_change();
    create trigger letters_stay before update or delete or truncate on letters for each statement execute function refuse_change();

    grant select on letter_batches, letters to uketori_console;
  `.execute(db);
}
