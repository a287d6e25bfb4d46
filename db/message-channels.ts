import { sql } from 'kysely';
import type { MessageChannel } from '../app/domain/message';
import type { Db, Trx } from './database';
import { SURELY_FAILED } from './waves';

/** Channels by which a link of this generation surely did not arrive, and none has arrived since. */
export async function listFailedChannels(
  db: Db | Trx,
  { grantId, linkGeneration }: { grantId: string; linkGeneration: number },
): Promise<MessageChannel[]> {
  const { rows } = await sql<{ channel: MessageChannel }>`
    select channel from messages where grant_id = ${grantId} and link_generation = ${linkGeneration}
      group by channel having max(state_at) filter (where ${SURELY_FAILED})
        > coalesce(max(state_at) filter (where state in ('accepted', 'delivered', 'complained')), '-infinity')
  `.execute(db);
  return rows.map(({ channel }) => channel);
}
