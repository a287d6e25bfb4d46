import { type CampaignFile, type CampaignSettings, campaignFile, campaignSettings } from './campaign';
import { exclusiveDeadline, lastMoment } from './deadline';
import { japanTime } from './japan-time';

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

/** A programme of the tables as its file would say it now. */
export function fileOfStored({
  id,
  settings,
  redeemUntil,
  grantCeilingYen,
  offers,
}: {
  id: string;
  settings: unknown;
  redeemUntil: Date;
  grantCeilingYen: bigint;
  offers: readonly { readonly provider: string; readonly label: unknown; readonly amount: unknown; readonly source: unknown }[];
}): CampaignFile {
  return campaignFile.parse({
    ...(settings as CampaignSettings),
    id,
    redeemUntil: `${japanTime(lastMoment(redeemUntil)).replace(' ', 'T')}+09:00`,
    grantCeilingYen: Number(grantCeilingYen),
    offers: offers.map(({ provider, label, amount, source }) => ({ provider, label, amount, source })),
  });
}

/** The file that a version's content says; null when it is none. */
export function fileOfContent(id: string, content: unknown): CampaignFile | null {
  const said = (typeof content === 'string' ? readJson(content) : content) as Partial<Record<string, unknown>> | null;
  const until = new Date(String(said?.redeemUntil));
  if (!said || Number.isNaN(until.getTime()) || !Number.isSafeInteger(said.grantCeilingYen) || !Array.isArray(said.offers)) return null;
  try {
    const offers = said.offers as CampaignFile['offers'];
    return fileOfStored({
      id,
      settings: said.settings,
      redeemUntil: until,
      grantCeilingYen: BigInt(said.grantCeilingYen as number),
      offers,
    });
  } catch {
    return null;
  }
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
