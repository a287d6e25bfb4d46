import { type Kysely, sql } from 'kysely';

/**
 * The runtime roles. They own nothing, change nothing of the structure and may do only what is listed
 * here. Ledger, reveals and audit can be added to, never changed.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    do $$ declare role_name text; begin
      foreach role_name in array array['uketori_web', 'uketori_worker'] loop
        begin
          execute format('create role %I login nosuperuser nocreatedb nocreaterole noinherit noreplication nobypassrls', role_name);
        exception when duplicate_object or unique_violation then null; -- roles belong to the whole server
        end;
      end loop;
    end $$;

    -- Jobs are added in the transaction of the data; the web role can add one and touch nothing else of the queue.
    create function enqueue_job(job_name text, payload json, delay_ms bigint, job_key text, max_attempts integer)
      returns void language plpgsql security definer set search_path = pg_catalog, public as $$
    begin
      perform graphile_worker.add_job(
        identifier => job_name, payload => payload,
        run_at => now() + delay_ms * interval '1 millisecond',
        job_key => job_key, max_attempts => max_attempts);
    end $$;

    revoke all on all tables in schema public from public;
    revoke all on all functions in schema public from public;
    revoke create on schema public from public;
    grant usage on schema public to uketori_web, uketori_worker;
    grant execute on function enqueue_job, check_postings, check_codes, check_new_redemption, check_redemption_change,
      check_code_change, check_new_issuance, check_issuance_change, check_stock_change, refuse_change
      to uketori_web, uketori_worker;

    grant select on campaigns, offers, grants, redemptions, redemption_arrows, codes, issuances, journal_entries, postings,
      reveals, provider_states to uketori_web, uketori_worker;
    grant insert on journal_entries, postings, audit_entries, reveals to uketori_web, uketori_worker;
    grant update (lock_token) on grants to uketori_web, uketori_worker;
    grant update (state, state_at) on redemptions to uketori_web, uketori_worker;
    grant update (returned_at) on codes to uketori_web, uketori_worker;
    grant select, insert, update, delete on rate_limits to uketori_web, uketori_worker;
    grant insert, update on provider_states to uketori_web, uketori_worker;

    grant insert on redemptions, codes to uketori_web;
    grant select (campaign_id, provider, yen, issuance_id, expires_on) on stock_codes to uketori_web;

    grant insert on issuances to uketori_worker;
    grant update (state, calls, leased_until, called_at, unknown_since, unknown_at, handed_over_at, cause, reason, detail, reference, digest,
      code_sealed, code_key_id, last4, management_no, expires_on, settled_at) on issuances to uketori_worker;
    grant select on stock_codes to uketori_worker;
    grant update (code_sealed, code_key_id, issuance_id, claimed_at) on stock_codes to uketori_worker;
  `.execute(db);
}
