import { type Selectable, sql } from 'kysely';
import type { CampaignSettings } from '../app/domain/campaign';
import type { Db, Trx } from './database';
import type { Database, ImportKind } from './schema';

export interface CampaignTerms {
  readonly id: string;
  /** Exclusive instant. */
  readonly redeemUntil: Date;
  readonly grantCeilingYen: bigint;
  readonly settings: CampaignSettings;
  readonly createdAt: Date;
}

/** A campaign's terms, or null when there is none. */
export async function findCampaign(db: Db | Trx, id: string): Promise<CampaignTerms | null> {
  return termsOf(await db.selectFrom('campaigns').selectAll().where('id', '=', id).executeTakeFirst());
}

/** The same, and they stand still until the transaction ends: whoever changes them waits. */
export async function holdCampaign(trx: Trx, id: string): Promise<CampaignTerms | null> {
  return termsOf(await trx.selectFrom('campaigns').selectAll().where('id', '=', id).forShare().executeTakeFirst());
}

function termsOf(row: Selectable<Database['campaigns']> | undefined): CampaignTerms | null {
  if (!row) return null;
  return {
    id: row.id,
    redeemUntil: row.redeem_until,
    grantCeilingYen: row.grant_ceiling_yen,
    settings: row.settings,
    createdAt: row.created_at,
  };
}

/** A programme as lists of them need it. */
export interface Programme {
  readonly id: string;
  readonly settings: CampaignSettings;
  /** Exclusive instant. */
  readonly redeemUntil: Date;
}

const PROGRAMME_ORDERS = { oldest: 'created_at asc', newest: 'created_at desc', ends_last: 'redeem_until desc' } as const;

/** Every programme, in the order of when it was set up or of its deadline; those of one instant by id. */
export async function listProgrammes(db: Db | Trx, order: keyof typeof PROGRAMME_ORDERS = 'oldest'): Promise<Programme[]> {
  return db
    .selectFrom('campaigns')
    .select(['id', 'settings', 'redeem_until as redeemUntil'])
    .orderBy(sql.raw(PROGRAMME_ORDERS[order]))
    .orderBy('id')
    .execute();
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

/** Locks a campaign for the rest of the transaction, or, when there is none, its name. */
export async function lockCampaign(trx: Trx, id: string): Promise<CampaignTerms | null> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`campaign ${id}`}, 0))`.execute(trx);
  return findCampaign(trx, id);
}

/** Who stores a version of a campaign, when and why. */
export interface CampaignLeave {
  readonly actor: string;
  readonly note: string;
  readonly at: Date;
  /** What a second person gave; null where none is needed. */
  readonly approvalId: string | null;
}

/** Writes a campaign and its offers as owner, and keeps the version. Offers that are no longer named are paused. */
export async function storeCampaign(trx: Trx, id: string, content: string, { actor, note, at, approvalId }: CampaignLeave): Promise<void> {
  await sql`select store_campaign(${id}, ${content}::jsonb, ${note}, ${actor}, ${at}, ${approvalId})`.execute(trx);
}

/**
 * The same from the console, over the version `base` (null: there is none yet). Refused where another version has come
 * meanwhile, and where dates that people know or limits of one person change without a second person.
 */
export async function changeCampaign(
  trx: Trx,
  id: string,
  content: string,
  { actor, note, at, approvalId, base }: CampaignLeave & { readonly base: number | null },
): Promise<void> {
  await sql`select change_campaign(${id}, ${content}::jsonb, ${note}, ${actor}, ${at}, ${approvalId}, ${base})`.execute(trx);
}

/** The newest version of a campaign's settings; 0 when none was kept. */
export async function findCampaignVersion(db: Db | Trx, campaignId: string): Promise<number> {
  const row = await db
    .selectFrom('campaign_versions')
    .select((eb) => eb.fn.max('version').as('version'))
    .where('campaign_id', '=', campaignId)
    .executeTakeFirst();
  return row?.version ?? 0;
}

/** What a version of a campaign said; null when there is none. */
export async function findVersionContent(db: Db | Trx, campaignId: string, version: number): Promise<unknown> {
  const row = await db
    .selectFrom('campaign_versions')
    .select('content')
    .where('campaign_id', '=', campaignId)
    .where('version', '=', version)
    .executeTakeFirst();
  return row?.content ?? null;
}

/** Whether people were told anything by a campaign already. */
export async function isCampaignStarted(db: Db | Trx, id: string): Promise<boolean> {
  const { rows } = await sql<{ started: boolean }>`select is_campaign_started(${id}) as started`.execute(db);
  return rows[0]?.started ?? false;
}

/** Who set a campaign up in which way, newest first. */
export async function listCampaignVersions(db: Db, campaignId: string) {
  const { rows } = await sql<{
    version: number;
    note: string;
    made_by: string;
    made_at: Date;
    approval_id: string | null;
    staff_name: string | null;
  }>`
    select v.version, v.note, v.made_by, v.made_at, v.approval_id, s.name as staff_name
      from campaign_versions v left join staff s on v.made_by = 'staff:' || s.id::text
      where v.campaign_id = ${campaignId} order by v.version desc limit 50
  `.execute(db);
  return rows;
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

/** The last of all deadlines of a programme, as an exclusive instant: some people may have longer than it says. */
export async function findLastDeadline(db: Db | Trx, campaignId: string): Promise<Date | null> {
  const { rows } = await sql<{ at: Date }>`
    select greatest(c.redeem_until, (select max(g.deadline_at) from grants g where g.campaign_id = c.id)) as at
      from campaigns c where c.id = ${campaignId}`.execute(db);
  return rows[0]?.at ?? null;
}
