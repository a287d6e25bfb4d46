import { type Kysely, sql } from 'kysely';

/** Applicants are told when more is asked of them or their claim is refused. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table claim_mails drop constraint claim_mails_purpose_check;
    alter table claim_mails add constraint claim_mails_purpose_check check (purpose in ('prove', 'number', 'more_needed', 'refused'));
    -- What is asked for waits once; what a move tells is written with the move, and every move has its own.
    drop index claim_mails_one_waiting;
    create unique index claim_mails_one_waiting on claim_mails (claim_id, purpose)
      where state in ('queued', 'sending') and purpose in ('prove', 'number');
    create unique index claim_mails_one_move on claim_mails (claim_id, purpose, queued_at) where purpose in ('more_needed', 'refused');
    -- Never to an address that nobody has proven.
    create function check_new_claim_mail() returns trigger language plpgsql as $$
    begin
      if new.purpose in ('more_needed', 'refused')
        and not exists (select 1 from claims c where c.id = new.claim_id and c.mail_proven_at is not null) then
        raise exception 'claim % has no proven address', new.claim_id using errcode = 'UK003';
      end if;
      return new;
    end $$;
    create trigger claim_mails_new before insert on claim_mails for each row execute function check_new_claim_mail();

    revoke all on function check_new_claim_mail from public;
    grant execute on function check_new_claim_mail to uketori_web, uketori_console;
    grant execute on function check_claim_mail to uketori_console;
    grant insert on claim_mails to uketori_console;
    -- The words say how the claim stands, and until when.
    grant select (state, state_at, reason, grant_id) on claims to uketori_worker;
    grant select (campaign_id, sending_group, purpose, state, until_on) on waves to uketori_web;
  `.execute(db);
}
