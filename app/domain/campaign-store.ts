import { type CampaignFile, type CampaignSettings, campaignSettings } from './campaign';
import { exclusiveDeadline } from './deadline';

/** A programme as the tables hold it. */
export interface CampaignToStore {
  readonly id: string;
  readonly settings: CampaignSettings;
  /** Exclusive instant. */
  readonly redeemUntil: Date;
  readonly grantCeilingYen: bigint;
  readonly offers: CampaignFile['offers'];
}

/** A programme's file as the tables hold it. Pure. */
export function toStore(campaign: CampaignFile): CampaignToStore {
  return {
    id: campaign.id,
    settings: campaignSettings.parse(campaign),
    redeemUntil: exclusiveDeadline(new Date(campaign.redeemUntil)),
    grantCeilingYen: BigInt(campaign.grantCeilingYen),
    offers: campaign.offers,
  };
}

/** The same as the database's functions take it: one form, so that what was approved is what is stored. */
export function campaignContent({ settings, redeemUntil, grantCeilingYen, offers }: CampaignToStore): string {
  return JSON.stringify({ settings, redeemUntil: redeemUntil.toISOString(), grantCeilingYen: Number(grantCeilingYen), offers });
}
