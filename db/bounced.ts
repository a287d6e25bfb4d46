import { sql } from 'kysely';
import type { MessageChannel, MessageReason } from '../app/domain/message';
import type { Db } from './database';

/** Somebody whom nothing reaches: their last message surely failed. */
export interface BouncedPerson {
  readonly grantId: string;
  readonly number: string;
  readonly channel: MessageChannel;
  readonly addressMask: string;
  readonly reason: MessageReason;
  readonly since: Date;
}

/** The condition that a message `m` surely failed and is the last of its person: what was taken out of the queue was none. */
export const IS_BOUNCED = sql`m.state = 'hard_failed' and m.reason <> 'outdated'
  and not exists (select 1 from messages later where later.grant_id = m.grant_id
    and (later.queued_at, later.id) > (m.queued_at, m.id) and later.reason is distinct from 'outdated')`;

/** People whose last message failed for good since an instant, newest first. */
export async function listBounced(
  db: Db,
  { campaigns, since, limit }: { campaigns: readonly string[]; since: Date; limit: number },
): Promise<BouncedPerson[]> {
  const { rows } = await sql<BouncedPerson>`
    select m.grant_id as "grantId", g.number, m.channel, m.address_mask as "addressMask", m.reason, m.state_at as since
      from messages m join grants g on g.id = m.grant_id
      where m.campaign_id = any(${[...campaigns]}::text[]) and m.state_at >= ${since} and ${IS_BOUNCED}
      order by m.state_at desc, m.id desc limit ${limit}
  `.execute(db);
  return rows;
}
