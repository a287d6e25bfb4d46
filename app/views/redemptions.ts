import { listFailedRedemptions } from '#db/bulk-items';
import { listProgrammes } from '#db/campaigns';
import { listRedemptionIds, listRedemptionRows, type RedemptionFilter, type RedemptionKey } from '#db/redemption-list';
import { listCodes } from '#db/redemptions';
import { type CampaignScope, isInScope } from '../domain/access';
import type { Bilingual } from '../domain/campaign';
import type { RedemptionState } from '../domain/redemption';
import { sumYen, type Yen } from '../domain/yen';
import type { Portal } from '../portal';

export type { RedemptionFilter, RedemptionKey };

export interface RedemptionRow {
  readonly id: string;
  readonly grantId: string;
  readonly campaignId: string;
  readonly number: string;
  readonly provider: string;
  readonly yen: Yen;
  readonly state: RedemptionState;
  readonly since: Date;
  readonly reason: string | null;
}

const PAGE = 50;

/** A page of redemptions; `next` is where the following page begins. Rows that arrive meanwhile move nothing. */
export async function findRedemptions(
  { db }: Pick<Portal, 'db'>,
  filter: RedemptionFilter,
  before: RedemptionKey | null,
): Promise<{ readonly rows: readonly RedemptionRow[]; readonly next: RedemptionKey | null }> {
  const found = await listRedemptionRows(db, filter, { before, limit: PAGE + 1 });
  const rows = found.slice(0, PAGE);
  const last = rows.at(-1);
  return { rows, next: found.length > PAGE && last ? { at: last.since, id: last.id } : null };
}

/** What can be chosen in the filters: the campaigns this person may see, and their providers. */
export async function findFilterChoices(
  { db }: Pick<Portal, 'db'>,
  scope: CampaignScope,
): Promise<{ readonly campaigns: ReadonlyMap<string, Bilingual>; readonly providers: ReadonlyMap<string, Bilingual> }> {
  const own = (await listProgrammes(db)).filter(({ id }) => isInScope(scope, id));
  const offers = await db.selectFrom('offers').select(['campaign_id', 'provider', 'label']).orderBy('position').execute();
  return {
    campaigns: new Map(own.map(({ id, settings }) => [id, settings.name])),
    providers: new Map(
      offers.filter(({ campaign_id }) => isInScope(scope, campaign_id)).map(({ provider, label }) => [provider, label as Bilingual]),
    ),
  };
}

/** What a proposal for many would name. */
export interface BulkPreview {
  readonly ids: readonly string[];
  readonly yen: Yen;
  /** More fit than one proposal can name. */
  readonly more: boolean;
}

/** Of the chosen rows, or of all that fit the filter, those that really failed and that nobody has proposed yet. */
export async function previewBulk(
  { db }: Pick<Portal, 'db'>,
  filter: RedemptionFilter & { readonly campaign: string; readonly provider: string },
  options: { readonly chosen: readonly string[] | null; readonly most: number },
): Promise<BulkPreview> {
  const { campaign, provider } = filter;
  const { chosen, most } = options;
  const wanted = chosen ?? (await listRedemptionIds(db, { ...filter, state: 'failed' }, most + 1));
  const failed = await listFailedRedemptions(db, { campaignId: campaign, provider, reason: null, ids: wanted, limit: most });
  const ids = failed.map(({ id }) => id);
  const codes = ids.length > 0 ? await listCodes(db, ids) : new Map();
  const lost = [...codes.values()].flat().filter((code) => code.situation === 'failed');
  return { ids, yen: sumYen(lost.map((code) => code.yen)), more: wanted.length > most };
}
