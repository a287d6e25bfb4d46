import { findCampaign } from '#db/campaigns';
import type { CampaignSettings } from '../domain/campaign';
import type { Portal } from '../portal';

/** What a programme says about its waves. */
export interface PlanTerms {
  readonly id: string;
  readonly settings: CampaignSettings;
  /** Exclusive instant. */
  readonly redeemUntil: Date;
}

/** A programme's terms for planning; null when there is none of that name. */
export async function findPlanTerms(portal: Pick<Portal, 'db'>, campaignId: string): Promise<PlanTerms | null> {
  const campaign = await findCampaign(portal.db, campaignId);
  // Checked by the campaign schema when it was loaded.
  return campaign && { id: campaign.id, settings: campaign.settings as CampaignSettings, redeemUntil: campaign.redeemUntil };
}
