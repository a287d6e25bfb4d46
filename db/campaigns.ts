import type { Db, Trx } from './database';

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
