import { type Kysely, sql } from 'kysely';

/**
 * A gateway's own name of a message belongs to one sending: it is dropped when the message is sent anew. Kept for
 * longer, the second sending would be judged by what became of the first, and be sent a third time.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create or replace function check_message_change() returns trigger language plpgsql as $$
    declare
      sends boolean := old.state <> 'sending' and new.state = 'sending';
    begin
      if (new.id, new.campaign_id, new.grant_id, new.purpose, new.channel, new.address_mask, new.language, new.link_generation,
          new.yen, new.actor, new.queued_at)
        is distinct from (old.id, old.campaign_id, old.grant_id, old.purpose, old.channel, old.address_mask, old.language,
          old.link_generation, old.yen, old.actor, old.queued_at)
        or (old.reference is not null and not sends and new.reference is distinct from old.reference) then
        raise exception 'a message keeps what it is' using errcode = 'UK003';
      end if;
      if sends and new.reference is not null then
        raise exception 'a sending starts without the name of another' using errcode = 'UK004';
      end if;
      -- From "unknown" nothing leads to a second sending: only what was found out does.
      if new.state <> old.state and (old.state, new.state) not in (
        ('queued', 'sending'), ('queued', 'hard_failed'),
        ('sending', 'queued'), ('sending', 'sent'), ('sending', 'accepted'), ('sending', 'delivered'),
        ('sending', 'soft_failed'), ('sending', 'hard_failed'), ('sending', 'unknown'),
        ('soft_failed', 'sending'), ('soft_failed', 'hard_failed'),
        ('unknown', 'sent'), ('unknown', 'accepted'), ('unknown', 'delivered'), ('unknown', 'soft_failed'), ('unknown', 'hard_failed'),
        ('sent', 'accepted'), ('sent', 'delivered'), ('sent', 'soft_failed'), ('sent', 'hard_failed'),
        ('accepted', 'delivered'), ('accepted', 'soft_failed'), ('accepted', 'hard_failed'),
        -- Who complains has the message.
        ('unknown', 'complained'), ('sent', 'complained'), ('accepted', 'complained'), ('delivered', 'complained')) then
        raise exception 'a message cannot go from % to %', old.state, new.state using errcode = 'UK004';
      end if;
      if new.attempts not in (old.attempts, old.attempts + 1) or sends <> (new.attempts = old.attempts + 1) then
        raise exception 'each sending is counted once' using errcode = 'UK004';
      end if;
      return new;
    end $$;
  `.execute(db);
}
