import type { MessagePurpose } from '../app/domain/message';
import type { Db, Trx } from './database';

/** How many messages of one purpose a grant was sent, or has waiting, since an instant. */
export async function countMessagesSince(
  db: Db | Trx,
  { grantId, purpose, since }: { grantId: string; purpose: MessagePurpose; since: Date },
): Promise<number> {
  const rows = await db
    .selectFrom('messages')
    .select('id')
    .where('grant_id', '=', grantId)
    .where('purpose', '=', purpose)
    .where('queued_at', '>', since)
    .limit(100)
    .execute();
  return rows.length;
}

/** How many messages of one purpose went, or wait to go, to one of these addresses since an instant; also about other grants. */
export async function countToAddressesSince(
  db: Db | Trx,
  { digests, purpose, since }: { digests: readonly Buffer[]; purpose: MessagePurpose; since: Date },
): Promise<number> {
  if (digests.length === 0) return 0;
  const rows = await db
    .selectFrom('messages')
    .select('id')
    .where('address_digest', 'in', [...digests])
    .where('purpose', '=', purpose)
    .where('queued_at', '>', since)
    .limit(100)
    .execute();
  return rows.length;
}
