import type { Db } from './database';

/** A link that was written of in a message to an address. */
export interface SentLink {
  readonly grantId: string;
  readonly campaignId: string;
  readonly generation: number;
  readonly linkKeyId: string;
}

/** A household shares an address; no more are looked at. */
const LINKS_MOST = 40;

/** The living links that messages to an address bear, by its digests; messages that never left are left out. */
export async function listSentLinks(db: Db, digests: readonly Buffer[]): Promise<SentLink[]> {
  return db
    .selectFrom('messages as m')
    .innerJoin('grants as g', (join) => join.onRef('g.id', '=', 'm.grant_id').onRef('g.link_generation', '=', 'm.link_generation'))
    .where('m.address_digest', 'in', [...digests])
    .where('m.attempts', '>', 0)
    .select(['m.grant_id as grantId', 'm.campaign_id as campaignId', 'g.link_generation as generation', 'g.link_key_id as linkKeyId'])
    .distinct()
    .orderBy('grantId')
    .limit(LINKS_MOST)
    .execute();
}
