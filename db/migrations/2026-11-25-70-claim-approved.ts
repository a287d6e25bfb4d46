import { type Kysely, sql } from 'kysely';

/** Applicants are told as well when their claim is approved. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table claim_mails drop constraint claim_mails_purpose_check;
    alter table claim_mails add constraint claim_mails_purpose_check
      check (purpose in ('prove', 'number', 'more_needed', 'refused', 'approved'));
    drop index claim_mails_one_move;
    create unique index claim_mails_one_move on claim_mails (claim_id, purpose, queued_at)
      where purpose in ('more_needed', 'refused', 'approved');
    -- A claim is approved once.
    create unique index claim_mails_one_approved on claim_mails (claim_id) where purpose = 'approved';
    create or replace function check_new_claim_mail() returns trigger language plpgsql as $$
    begin
      if new.purpose in ('more_needed', 'refused', 'approved')
        and not exists (select 1 from claims c where c.id = new.claim_id and c.mail_proven_at is not null) then
        raise exception 'claim % has no proven address', new.claim_id using errcode = 'UK003';
      end if;
      return new;
    end $$;
  `.execute(db);
}
