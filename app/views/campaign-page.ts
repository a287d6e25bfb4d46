import { findCampaign, listStoredOffers } from '#db/campaigns';
import { calendarOf, type Moment } from '../domain/calendar';
import type { Bilingual, CampaignSettings, OfferAmount } from '../domain/campaign';
import { type CampaignFinding, type CheckedCampaign, checkCampaign } from '../domain/campaign-check';
import type { Portal } from '../portal';

/** A programme as its office set it up. */
export interface CampaignPage {
  readonly id: string;
  readonly settings: CampaignSettings;
  readonly grantCeilingYen: bigint;
  readonly moments: readonly Moment[];
  readonly offers: readonly {
    readonly provider: string;
    readonly label: Bilingual;
    readonly amount: OfferAmount;
    readonly source: 'api' | 'stock';
    readonly paused: boolean;
  }[];
  readonly findings: readonly CampaignFinding[];
}

/** A programme with its calendar and what was found looking at it as a whole; null when there is none. */
export async function findCampaignPage(
  { db }: Pick<Portal, 'db'>,
  id: string,
  measure: (campaign: Omit<CheckedCampaign, 'messages' | 'offers'>) => CheckedCampaign['messages'],
): Promise<CampaignPage | null> {
  const campaign = await findCampaign(db, id);
  if (!campaign) return null;
  const { settings } = campaign;
  const { redeemUntil, grantCeilingYen } = campaign;
  const offers = (await listStoredOffers(db, id)).map(({ provider, label, amount, source, pausedAt }) => ({
    provider,
    label: label as Bilingual,
    amount: amount as OfferAmount,
    source,
    paused: pausedAt !== null,
  }));
  const terms = { settings, redeemUntil, grantCeilingYen };
  return {
    id,
    settings,
    grantCeilingYen,
    moments: calendarOf({ settings, redeemUntil }),
    offers,
    findings: checkCampaign({ ...terms, offers, messages: measure(terms) }),
  };
}
