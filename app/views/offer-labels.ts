import { listStoredOffers } from '#db/campaigns';
import type { Bilingual } from '../domain/campaign';
import type { Portal } from '../portal';

/** What a campaign calls its providers. */
export async function findOfferLabels({ db }: Pick<Portal, 'db'>, campaignId: string): Promise<ReadonlyMap<string, Bilingual>> {
  const offers = await listStoredOffers(db, campaignId);
  // Checked by the campaign schema when it was loaded.
  return new Map(offers.map((offer) => [offer.provider, offer.label as Bilingual]));
}
