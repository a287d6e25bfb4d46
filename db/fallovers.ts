import { sql } from 'kysely';
import type { MessageChannel, MessageLanguage, MessagePurpose } from '../app/domain/message';
import type { Db, Trx } from './database';
import { isFrozenAt } from './frozen';

/** Messages that are handed on to the other channel one by one; a wave's are by what feeds it. */
export const FALLING_OVER = [
  'resend',
  'code_ready',
  'code_failed',
  'reissued',
  'deadline_extended',
  'address_changed_new',
] as const satisfies MessagePurpose[];

/** As literals, so that they match the index. */
const PURPOSES = sql.join(FALLING_OVER.map((one) => sql.lit(one)));

/** A message with a living link that surely did not arrive, after which nothing was tried. */
export interface FailedMessage {
  readonly messageId: string;
  readonly grantId: string;
  readonly purpose: MessagePurpose;
  readonly yen: bigint | null;
  readonly language: MessageLanguage;
  readonly actor: string;
  readonly channel: MessageChannel;
  readonly recipientId: string;
  readonly contactSealed: Buffer;
  readonly contactKeyId: string;
}

/**
 * Such messages since an instant, oldest first; only one of them where an id is given. In `quiet` times what would become
 * an SMS waits, unless it was just asked for.
 */
export async function listFailedMessages(
  db: Db | Trx,
  query: { now: Date; since: Date; limit: number; quiet: boolean; messageId?: string | null },
): Promise<FailedMessage[]> {
  const { now, since, limit, quiet, messageId = null } = query;
  // The same may have been sent by the other channel since; what failed there too has been tried.
  const { rows } = await sql<FailedMessage>`
    select m.id as "messageId", m.grant_id as "grantId", m.purpose, m.yen, m.language, m.actor, m.channel,
        r.id as "recipientId", r.contact_sealed as "contactSealed", r.contact_key_id as "contactKeyId"
      from messages m join grants g on g.id = m.grant_id and g.link_generation = m.link_generation
        join recipients r on r.id = g.recipient_id
      where m.state = 'hard_failed' and m.reason <> 'outdated' and m.purpose in (${PURPOSES}) and m.state_at > ${since}
        and (${messageId}::uuid is null or m.id = ${messageId}::uuid)
        and (not ${quiet}::boolean or m.channel = 'sms' or m.purpose = 'resend')
        and not exists (select 1 from fallovers f where f.message_id = m.id)
        and not exists (select 1 from messages o where o.grant_id = m.grant_id and o.link_generation = m.link_generation
          and o.purpose = m.purpose and o.yen is not distinct from m.yen and o.channel <> m.channel and o.queued_at >= m.queued_at)
        and not ${isFrozenAt(now)}
      order by m.state_at, m.id limit ${limit}
  `.execute(db);
  return rows;
}
