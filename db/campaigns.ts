import { sql } from 'kysely';
import type { Db, Trx } from './database';
import type { ImportKind } from './schema';

export interface CampaignTerms {
  readonly id: string;
  /** Exclusive instant. */
  readonly redeemUntil: Date;
  readonly grantCeilingYen: bigint;
  readonly settings: unknown;
  readonly createdAt: Date;
}

/** A campaign's terms, or null when there is none. */
export async function findCampaign(db: Db | Trx, id: string): Promise<CampaignTerms | null> {
  const row = await db.selectFrom('campaigns').selectAll().where('id', '=', id).executeTakeFirst();
  if (!row) return null;
  return {
    id: row.id,
    redeemUntil: row.redeem_until,
    grantCeilingYen: row.grant_ceiling_yen,
    settings: row.settings,
    createdAt: row.created_at,
  };
}

/** Whether a campaign has any grant. */
export async function hasGrants(db: Db | Trx, campaignId: string): Promise<boolean> {
  const row = await db.selectFrom('grants').select('id').where('campaign_id', '=', campaignId).limit(1).executeTakeFirst();
  return row !== undefined;
}

/** Which of these grant numbers the campaign has already. */
export async function findGrantNumbers(db: Db | Trx, campaignId: string, numbers: readonly string[]): Promise<Set<string>> {
  if (numbers.length === 0) return new Set();
  const rows = await db
    .selectFrom('grants')
    .select('number')
    .where('campaign_id', '=', campaignId)
    .where((eb) => eb('number', '=', eb.fn.any(eb.val(numbers as string[]))))
    .execute();
  return new Set(rows.map((row) => row.number));
}

export interface StoredOffer {
  readonly provider: string;
  readonly position: number;
  readonly label: unknown;
  readonly amount: unknown;
  readonly source: 'api' | 'stock';
  readonly pausedAt: Date | null;
}

/** A campaign's offers as stored, in their order. */
export async function listStoredOffers(db: Db | Trx, campaignId: string): Promise<StoredOffer[]> {
  const rows = await db
    .selectFrom('offers')
    .select(['provider', 'position', 'label', 'amount', 'source', 'paused_at'])
    .where('campaign_id', '=', campaignId)
    .orderBy('position')
    .execute();
  return rows.map(({ paused_at, ...row }) => ({ ...row, pausedAt: paused_at }));
}

export interface CampaignToStore {
  readonly id: string;
  readonly settings: object;
  /** Exclusive instant. */
  readonly redeemUntil: Date;
  readonly grantCeilingYen: bigint;
  readonly offers: readonly {
    readonly provider: string;
    readonly label: object;
    readonly amount: object;
    readonly source: 'api' | 'stock';
  }[];
}

/** Locks a campaign for the rest of the transaction, or, when there is none, its name. */
export async function lockCampaign(trx: Trx, id: string): Promise<CampaignTerms | null> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`campaign ${id}`}, 0))`.execute(trx);
  return findCampaign(trx, id);
}

/** Writes a campaign and its offers. Offers that are no longer named are paused, for redemptions and stock refer to them. */
export async function storeCampaign(trx: Trx, campaign: CampaignToStore, now: Date): Promise<void> {
  const terms = {
    settings: JSON.stringify(campaign.settings),
    redeem_until: campaign.redeemUntil,
    grant_ceiling_yen: campaign.grantCeilingYen,
  };
  await trx
    .insertInto('campaigns')
    .values({ id: campaign.id, ...terms, created_at: now })
    .onConflict((conflict) => conflict.column('id').doUpdateSet(terms))
    .execute();
  // Positions are unique: out of the way first, then in their new order.
  await trx
    .updateTable('offers')
    .set((eb) => ({ position: sql<number>`${eb.ref('position')} + 1000` }))
    .where('campaign_id', '=', campaign.id)
    .execute();
  for (const [index, offer] of campaign.offers.entries()) {
    const columns = { position: index + 1, label: JSON.stringify(offer.label), amount: JSON.stringify(offer.amount), source: offer.source };
    await trx
      .insertInto('offers')
      .values({ campaign_id: campaign.id, provider: offer.provider, ...columns })
      .onConflict((conflict) => conflict.columns(['campaign_id', 'provider']).doUpdateSet(columns))
      .execute();
  }
  await sql`
    with dropped as (
      select provider, row_number() over (order by position) as n from offers where campaign_id = ${campaign.id} and position > 1000
    )
    update offers o set position = ${campaign.offers.length} + d.n, paused_at = coalesce(o.paused_at, ${now})
      from dropped d where o.campaign_id = ${campaign.id} and o.provider = d.provider
  `.execute(trx);
}

/** Free bought codes that have not expired, by provider and face value. */
export async function countStock(
  db: Db,
  { campaignId, today }: { campaignId: string; today: string },
): Promise<{ provider: string; yen: bigint; codes: number }[]> {
  return db
    .selectFrom('stock_codes')
    .where('campaign_id', '=', campaignId)
    .where('issuance_id', 'is', null)
    .where('expires_on', '>=', today)
    .groupBy(['provider', 'yen'])
    .orderBy('provider')
    .orderBy('yen')
    .select(['provider', 'yen', sql<number>`count(*)::int`.as('codes')])
    .execute();
}

/** What was imported into a campaign, oldest first. */
export async function listImports(
  db: Db,
  campaignId: string,
): Promise<{ kind: ImportKind; fileName: string; accepted: number; rejected: number; totalYen: bigint; at: Date }[]> {
  return db
    .selectFrom('imports')
    .where('campaign_id', '=', campaignId)
    .orderBy('at')
    .orderBy('id')
    .select(['kind', 'file_name as fileName', 'accepted_count as accepted', 'rejected_count as rejected', 'total_yen as totalYen', 'at'])
    .execute();
}
