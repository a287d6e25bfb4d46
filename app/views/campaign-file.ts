import { findCampaign, isCampaignStarted, listCampaignVersions, listStoredOffers } from '#db/campaigns';
import type { Db, Trx } from '#db/database';
import { type CampaignFile, type CampaignSettings, campaignFile } from '../domain/campaign';
import { lastMoment } from '../domain/deadline';
import { japanTime } from '../domain/japan-time';
import type { Portal } from '../portal';

/** A programme as its file would say it now; null when there is none. Offers that are paused stand in it as well. */
export async function findCampaignFile(db: Db | Trx, id: string): Promise<CampaignFile | null> {
  const campaign = await findCampaign(db, id);
  if (!campaign) return null;
  const offers = await listStoredOffers(db, id);
  return campaignFile.parse({
    ...(campaign.settings as CampaignSettings),
    id,
    redeemUntil: `${japanTime(lastMoment(campaign.redeemUntil)).replace(' ', 'T')}+09:00`,
    grantCeilingYen: Number(campaign.grantCeilingYen),
    offers: offers.map(({ provider, label, amount, source }) => ({ provider, label, amount, source })),
  });
}

/** Whether people were told anything by a programme already: then its dates change by two people. */
export function findWhetherStarted({ db }: Pick<Portal, 'db'>, id: string): Promise<boolean> {
  return isCampaignStarted(db, id);
}

export interface CampaignVersion {
  readonly version: number;
  readonly note: string;
  readonly who: string;
  readonly at: Date;
  readonly approvalId: string | null;
}

/** How a programme was set up so far, newest first. */
export async function listVersions({ db }: Pick<Portal, 'db'>, id: string): Promise<CampaignVersion[]> {
  const rows = await listCampaignVersions(db, id);
  return rows.map((row) => ({
    version: row.version,
    note: row.note,
    who: row.staff_name ?? row.made_by,
    at: row.made_at,
    approvalId: row.approval_id,
  }));
}
