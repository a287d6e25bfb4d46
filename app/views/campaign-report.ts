import { countStock, findCampaign, listImports, listStoredOffers } from '#db/campaigns';
import type { Db } from '#db/database';
import type { Bilingual, OfferAmount } from '../domain/campaign';
import { lastMoment } from '../domain/deadline';
import { japanDay } from '../domain/japan-time';
import type { Yen } from '../domain/yen';

/** A campaign as an operator sees it on the command line. */
export interface CampaignReport {
  readonly id: string;
  readonly name: Bilingual;
  readonly office: Bilingual;
  /** The announced last second. */
  readonly lastMoment: Date;
  readonly grantCeilingYen: Yen;
  readonly offers: readonly {
    readonly provider: string;
    readonly label: Bilingual;
    readonly amount: OfferAmount;
    readonly source: 'api' | 'stock';
    readonly paused: boolean;
    /** Free bought codes that have not expired, by face value. */
    readonly stock: readonly { readonly yen: Yen; readonly codes: number }[];
  }[];
  readonly imports: readonly {
    readonly kind: 'grants' | 'stock' | 'coupons' | 'coupon_renewals' | 'payments';
    readonly fileName: string;
    readonly accepted: number;
    readonly rejected: number;
    readonly totalYen: Yen;
    readonly at: Date;
  }[];
}

/** @returns null when there is no such campaign */
export async function findCampaignReport(db: Db, { campaignId, now }: { campaignId: string; now: Date }): Promise<CampaignReport | null> {
  const campaign = await findCampaign(db, campaignId);
  if (!campaign) return null;
  const { settings } = campaign;
  const [offers, stock, imports] = await Promise.all([
    listStoredOffers(db, campaignId),
    countStock(db, { campaignId, today: japanDay(now) }),
    listImports(db, campaignId),
  ]);
  return {
    id: campaign.id,
    name: settings.name,
    office: settings.office,
    lastMoment: lastMoment(campaign.redeemUntil),
    grantCeilingYen: campaign.grantCeilingYen,
    offers: offers.map((offer) => ({
      provider: offer.provider,
      label: offer.label as Bilingual,
      amount: offer.amount as OfferAmount,
      source: offer.source,
      paused: offer.pausedAt !== null,
      stock: stock.filter((row) => row.provider === offer.provider).map(({ yen, codes }) => ({ yen, codes })),
    })),
    imports,
  };
}
