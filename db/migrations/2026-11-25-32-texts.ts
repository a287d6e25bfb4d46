import { type Kysely, sql } from 'kysely';

/**
 * Links asked for again at /recover. The page only files what was typed; a worker looks whether it is true of anybody.
 * So the answer and its timing are the same for everyone.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table recoveries (
      id uuid primary key,
      -- What was typed, sealed for this row; removed when it was looked at.
      asked text check (length(asked) <= 4200),
      language text not null check (language in ('ja', 'en')),
      asked_at timestamptz not null,
      settled_at timestamptz,
      -- How many links went out.
      sent integer not null default 0 check (sent >= 0),
      check ((settled_at is null) = (asked is not null))
    );
    create index recoveries_open on recoveries (asked_at) where settled_at is null;
    -- What a page asks for is written once, and never read by it.
    grant insert on recoveries to uketori_web;
    grant select, update (asked, settled_at, sent) on recoveries to uketori_console;
  `.execute(db);
}
