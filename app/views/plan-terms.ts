import { findCampaign, findLastDeadline } from '#db/campaigns';
import type { CampaignSettings } from '../domain/campaign';
import { lastMoment } from '../domain/deadline';
import { japanDay } from '../domain/japan-time';
import type { Portal } from '../portal';

/** What a programme says about its waves. */
export interface PlanTerms {
  readonly id: string;
  readonly settings: CampaignSettings;
  /** Exclusive instant. */
  readonly redeemUntil: Date;
  /** Of everybody's: after it nobody can receive anything. */
  readonly lastDay: string;
}

/** A programme's terms for planning; null when there is none of that name. */
export async function findPlanTerms(portal: Pick<Portal, 'db'>, campaignId: string): Promise<PlanTerms | null> {
  const campaign = await findCampaign(portal.db, campaignId);
  if (!campaign) return null;
  const lastDeadline = (await findLastDeadline(portal.db, campaignId)) ?? campaign.redeemUntil;
  const { settings } = campaign;
  return { id: campaign.id, settings, redeemUntil: campaign.redeemUntil, lastDay: japanDay(lastMoment(lastDeadline)) };
}
