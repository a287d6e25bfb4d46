import { type Kysely, sql } from 'kysely';

/** What the console knows of providers and money: funds and marks, their statements, and what does not agree. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create index issuances_recent on issuances (provider, created_at);

    -- What a provider said it holds for us, last.
    create table provider_funds (
      provider text primary key check (provider ~ '^[a-z][a-z0-9-]{0,29}$'),
      yen bigint check (yen >= 0),
      at timestamptz,
      -- Why the last question brought no answer; null when it did.
      cause text,
      asked_at timestamptz,
      low_yen bigint check (low_yen >= 0)
    );

    -- Below so many free codes of a face value somebody has to buy new ones.
    create table stock_marks (
      campaign_id text not null,
      provider text not null,
      yen bigint not null check (yen > 0),
      low_codes integer not null check (low_codes between 0 and 1000000),
      primary key (campaign_id, provider, yen),
      foreign key (campaign_id, provider) references offers (campaign_id, provider)
    );

    -- What a provider says that it issued: their file, its columns as they were understood, its lines.
    create table statement_maps (
      provider text primary key,
      columns jsonb not null,
      set_by uuid not null references staff,
      set_at timestamptz not null
    );
    create table statements (
      id uuid primary key,
      campaign_id text not null references campaigns,
      provider text not null,
      file_name text not null check (length(file_name) <= 200),
      file_digest bytea not null check (octet_length(file_digest) = 32),
      -- Inclusive and exclusive instants that the file covers, for what is missing in it.
      from_at timestamptz not null,
      until_at timestamptz not null,
      row_count integer not null check (row_count >= 0),
      total_yen bigint not null,
      uploaded_by uuid not null references staff,
      at timestamptz not null,
      matched_at timestamptz,
      matched_count integer not null default 0,
      unique (campaign_id, provider, file_digest),
      foreign key (campaign_id, provider) references offers (campaign_id, provider),
      check (from_at < until_at)
    );
    create table statement_lines (
      statement_id uuid not null references statements,
      position integer not null check (position > 0),
      reference text not null check (length(reference) between 1 and 200),
      yen bigint not null,
      at timestamptz,
      kind text not null check (kind in ('issued', 'cancelled')),
      primary key (statement_id, position)
    );
    create index statement_lines_reference on statement_lines (statement_id, reference);

    -- What does not agree; each has an owner and an end.
    create table findings (
      id uuid primary key,
      statement_id uuid not null references statements,
      campaign_id text not null references campaigns,
      kind text not null check (kind in
        ('missing_there', 'missing_here', 'different_amount', 'issued_twice', 'cancelled_there')),
      reference text not null,
      ours_yen bigint,
      theirs_yen bigint,
      issuance_id uuid references issuances,
      grant_id uuid references grants,
      owner_id uuid references staff,
      taken_at timestamptz,
      closed_by uuid references staff,
      closed_at timestamptz,
      close_reason text,
      close_note text check (length(close_note) <= 500),
      at timestamptz not null,
      unique (statement_id, kind, reference),
      check ((closed_at is null) = (closed_by is null)),
      check ((closed_at is null) = (close_reason is null))
    );
    create index findings_open on findings (campaign_id, at, id) where closed_at is null;

    create trigger statements_stay before delete or truncate on statements for each statement execute function refuse_change();
    create trigger statement_lines_stay before update or delete or truncate on statement_lines
      for each statement execute function refuse_change();
    create trigger findings_stay before delete or truncate on findings for each statement execute function refuse_change();

    grant update (paused_at, pause_note) on offers to uketori_console;
    grant select, insert, update on provider_funds, stock_marks, statement_maps to uketori_console;
    grant select, insert on statements, statement_lines, findings to uketori_console;
    grant update (matched_at, matched_count) on statements to uketori_console;
    grant update (owner_id, taken_at, closed_by, closed_at, close_reason, close_note) on findings to uketori_console;
    -- New bought codes come in through the console, too: it may add to the shelf, never take from it.
    grant insert on imports, stock_codes to uketori_console;
    grant update (row_count, accepted_count, rejected_count, total_yen) on imports to uketori_console;
  `.execute(db);
}
