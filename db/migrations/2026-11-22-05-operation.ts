import { type Kysely, sql } from 'kysely';

/** What running the portal needs: the record of reveals and acts, the providers' gates, limits on guessing. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table reveals (
      id uuid primary key,
      issuance_id uuid not null references issuances,
      grant_id uuid not null references grants,
      actor text not null,
      outcome text not null check (outcome in ('shown', 'unavailable')),
      at timestamptz not null
    );
    create index reveals_grant on reveals (grant_id, at);

    create table audit_entries (
      id uuid primary key,
      campaign_id text references campaigns,
      at timestamptz not null,
      actor text not null,
      act text not null,
      subject_kind text not null,
      subject_id text not null,
      detail jsonb not null default '{}'
    );
    create index audit_entries_subject on audit_entries (subject_kind, subject_id, at);

    create trigger reveals_append_only before update or delete or truncate on reveals
      for each statement execute function refuse_change();
    create trigger audit_entries_append_only before update or delete or truncate on audit_entries
      for each statement execute function refuse_change();

    -- One row a provider, shared by all workers: the next free sending slot and the breaker.
    create table provider_states (
      provider text primary key,
      next_slot_at timestamptz,
      trouble_count integer not null default 0 check (trouble_count >= 0),
      trouble_since timestamptz,
      closed_until timestamptz,
      last_ok_at timestamptz
    );

    -- The layout rate-limiter-flexible expects.
    create table rate_limits (
      key varchar(255) primary key,
      points integer not null default 0,
      expire bigint
    );
  `.execute(db);
}
