import {
  findCampaign,
  findCampaignVersion,
  findVersionContent,
  isCampaignStarted,
  listCampaignVersions,
  listStoredOffers,
} from '#db/campaigns';
import type { Db, Trx } from '#db/database';
import type { CampaignFile } from '../domain/campaign';
import { fileOfContent, fileOfStored } from '../domain/campaign-store';
import type { Portal } from '../portal';

/** A programme as its file would say it now; null when there is none. Offers that are paused stand in it as well. */
export async function findCampaignFile(db: Db | Trx, id: string): Promise<CampaignFile | null> {
  const campaign = await findCampaign(db, id);
  return campaign && fileOfStored({ ...campaign, offers: await listStoredOffers(db, id) });
}

/** The same with the version that it is. */
export async function findCampaignAtVersion(
  { db }: Pick<Portal, 'db'>,
  id: string,
): Promise<{ file: CampaignFile; version: number } | null> {
  // The version is read first: if another comes between, what is shown counts as older than it is, never as newer.
  const version = await findCampaignVersion(db, id);
  const file = await findCampaignFile(db, id);
  return file && { file, version };
}

/** What an older version said; null when it was never kept. */
export async function findVersionFile({ db }: Pick<Portal, 'db'>, id: string, version: number): Promise<CampaignFile | null> {
  return fileOfContent(id, await findVersionContent(db, id, version));
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
