import type { Db } from './database';

/** A link that was written of in a message to an address. */
export interface SentLink {
  readonly grantId: string;
  readonly campaignId: string;
  readonly generation: number;
  readonly linkKeyId: string;
}

/** The living links that messages to an address bear, by its digests, a page in the order of grants; messages that never left are left out. */
export async function listSentLinks(
  db: Db,
  { digests, after, limit }: { digests: readonly Buffer[]; after: string | null; limit: number },
): Promise<SentLink[]> {
  return db
    .selectFrom('messages as m')
    .innerJoin('grants as g', (join) => join.onRef('g.id', '=', 'm.grant_id').onRef('g.link_generation', '=', 'm.link_generation'))
    .where('m.address_digest', 'in', [...digests])
    .where('m.attempts', '>', 0)
    .$if(after !== null, (query) => query.where('m.grant_id', '>', after))
    .select(['m.grant_id as grantId', 'm.campaign_id as campaignId', 'g.link_generation as generation', 'g.link_key_id as linkKeyId'])
    .distinct()
    .orderBy('grantId')
    .limit(limit)
    .execute();
}
