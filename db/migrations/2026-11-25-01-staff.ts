import { type Kysely, sql } from 'kysely';

/** Who works in the console: people, what they sign in with, their sessions. Only the console's role sees any of it. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    do $$ begin
      create role uketori_console login nosuperuser nocreatedb nocreaterole noinherit noreplication nobypassrls;
    exception when duplicate_object or unique_violation then null; -- roles belong to the whole server
    end $$;

    create table staff (
      id uuid primary key,
      -- What one types at sign-in; never used again for another person.
      login text not null unique check (login ~ '^[a-z0-9][a-z0-9._-]{1,39}$'),
      name text not null check (length(name) between 1 and 60),
      role text not null check (role in ('viewer', 'call_centre', 'operator', 'approver', 'auditor', 'administrator')),
      -- False: only the campaigns listed in staff_campaigns.
      all_campaigns boolean not null,
      password_hash text,
      totp_sealed bytea,
      totp_key_id text,
      -- The last half minute whose number was taken: no number works twice.
      totp_step bigint not null default 0,
      disabled_at timestamptz,
      created_at timestamptz not null,
      created_by uuid references staff,
      check ((totp_sealed is null) = (totp_key_id is null)),
      check (password_hash is null or password_hash like '$argon2id$%')
    );

    create table staff_campaigns (
      staff_id uuid not null references staff,
      campaign_id text not null references campaigns,
      primary key (staff_id, campaign_id)
    );

    -- One-time ways in: the first sign-in of a person, or a new one after everything was lost.
    create table staff_invitations (
      id uuid primary key,
      staff_id uuid not null references staff,
      digest bytea not null unique check (octet_length(digest) = 32),
      created_at timestamptz not null,
      created_by text not null,
      expires_at timestamptz not null,
      used_at timestamptz,
      check (expires_at > created_at)
    );
    create index staff_invitations_staff on staff_invitations (staff_id);

    -- Two for each person: one in use and a spare.
    create table passkeys (
      id uuid primary key,
      staff_id uuid not null references staff,
      slot smallint not null check (slot in (1, 2)),
      credential_id bytea not null unique,
      public_key bytea not null,
      counter bigint not null default 0,
      transports text[] not null default '{}',
      label text not null check (length(label) between 1 and 40),
      created_at timestamptz not null,
      last_used_at timestamptz,
      unique (staff_id, slot)
    );

    create table staff_sessions (
      id uuid primary key,
      -- Of the token in the cookie; it changes at sign-in and at every step-up.
      digest bytea not null unique check (octet_length(digest) = 32),
      staff_id uuid not null references staff,
      created_at timestamptz not null,
      seen_at timestamptz not null,
      -- The latest possible end, whatever is done in it.
      ends_at timestamptz not null,
      ended_at timestamptz,
      end_reason text check (end_reason in ('signed_out', 'ended_by_self', 'ended_by_staff', 'idle', 'role_changed', 'disabled')),
      client text not null default '',
      check ((ended_at is null) = (end_reason is null)),
      check (ends_at <= created_at + interval '12 hours')
    );
    create index staff_sessions_staff on staff_sessions (staff_id, created_at desc);

    -- Challenges of passkeys that were answered: none is taken twice.
    create table used_challenges (
      digest bytea primary key check (octet_length(digest) = 32),
      at timestamptz not null
    );

    -- Whoever may act is known by name for ever: nothing of this is deleted.
    create trigger staff_stay before delete or truncate on staff for each statement execute function refuse_change();
    create trigger staff_sessions_stay before delete or truncate on staff_sessions for each statement execute function refuse_change();

    grant usage on schema public to uketori_console;
    grant execute on function enqueue_job, check_postings, check_codes, check_new_redemption, check_redemption_change,
      check_code_change, check_new_issuance, check_issuance_change, check_stock_change, refuse_change to uketori_console;
    grant select, insert on staff, staff_invitations, passkeys, staff_sessions, used_challenges to uketori_console;
    grant select, insert, delete on staff_campaigns to uketori_console;
    grant update (name, role, all_campaigns, password_hash, totp_sealed, totp_key_id, totp_step, disabled_at) on staff to uketori_console;
    grant update (used_at) on staff_invitations to uketori_console;
    grant update (counter, last_used_at, label) on passkeys to uketori_console;
    grant delete on passkeys, used_challenges to uketori_console;
    grant update (digest, seen_at, ended_at, end_reason) on staff_sessions to uketori_console;

    grant select on campaigns, offers, imports, recipients, grants, redemptions, redemption_arrows, codes, issuances, stock_codes,
      journal_entries, postings, reveals, audit_entries, provider_states to uketori_console;
    grant insert on audit_entries to uketori_console;
    grant select, insert, update, delete on rate_limits to uketori_console;
  `.execute(db);
}
