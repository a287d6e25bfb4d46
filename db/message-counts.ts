import { sql } from 'kysely';
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

/** Lets one transaction at a time count what went to these addresses and send more. Taken before any grant is locked. */
export async function lockAddresses(trx: Trx, digests: readonly Buffer[]): Promise<void> {
  // In one order for everyone.
  for (const digest of [...new Set(digests.map((one) => one.toString('hex')))].sort())
    await sql`select pg_advisory_xact_lock(hashtextextended(${`address ${digest}`}, 0))`.execute(trx);
}

/** When grants were last sent a link again, and how often since an instant; those that never were are left out. */
export async function listResends(
  db: Db | Trx,
  { grantIds, since }: { grantIds: readonly string[]; since: Date },
): Promise<Map<string, { readonly last: Date; readonly count: number }>> {
  const { rows } = await sql<{ grant_id: string; last: Date; count: number }>`
    select grant_id, max(queued_at) as last, (count(*) filter (where queued_at > ${since}))::integer as count from messages
      where grant_id = any(${[...grantIds]}::uuid[]) and purpose = 'resend' group by grant_id`.execute(db);
  return new Map(rows.map(({ grant_id, last, count }) => [grant_id, { last, count }]));
}
