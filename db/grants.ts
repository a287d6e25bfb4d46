import { sql } from 'kysely';
import type { CampaignSettings } from '../app/domain/campaign';
import { GRANT_COLUMNS } from './columns';
import type { Db, Trx } from './database';
import { type OfferRow, offersOf, readOffers } from './offers';
import type { Grant } from './schema';

/** A grant with its balances and its campaign's settings. */
export interface GrantSheet {
  readonly grant: Grant;
  readonly settings: CampaignSettings;
  readonly residualYen: bigint;
  readonly pendingYen: bigint;
  readonly issuedYen: bigint;
  readonly lapsedYen: bigint;
  readonly hasRedemptions: boolean;
}

/** The same with what its campaign offers at the moment. */
export interface GrantOffersSheet extends GrantSheet {
  readonly offers: readonly OfferRow[];
}

/** Reads a grant, its balances and its campaign in one round trip; null when there is none. */
export async function findGrantSheet(db: Db | Trx, grantId: string): Promise<GrantSheet | null> {
  const row = await sheetQuery(db, grantId).executeTakeFirst();
  return row ? readSheet(row) : null;
}

/** The same with the offers, still in one round trip: all that most pages show. */
export async function findGrantOffersSheet(
  db: Db | Trx,
  { grantId, now }: { grantId: string; now: Date },
): Promise<GrantOffersSheet | null> {
  const row = await sheetQuery(db, grantId)
    .select(offersOf(sql.ref('g.campaign_id'), now).as('offers'))
    .executeTakeFirst();
  if (!row) return null;
  const { offers, ...sheet } = row;
  return { ...readSheet(sheet), offers: readOffers(offers) };
}

function sheetQuery(db: Db | Trx, grantId: string) {
  return db
    .selectFrom('grants as g')
    .innerJoin('campaigns as c', 'c.id', 'g.campaign_id')
    .leftJoinLateral(
      (eb) =>
        eb
          .selectFrom('postings as p')
          .whereRef('p.grant_id', '=', 'g.id')
          .select([
            sql<bigint>`coalesce(sum(p.yen) filter (where p.account = 'grant'), 0)::bigint`.as('residual_yen'),
            sql<bigint>`coalesce(sum(p.yen) filter (where p.account = 'pending'), 0)::bigint`.as('pending_yen'),
            sql<bigint>`coalesce(sum(p.yen) filter (where p.account = 'issued'), 0)::bigint`.as('issued_yen'),
            sql<bigint>`coalesce(sum(p.yen) filter (where p.account = 'lapsed'), 0)::bigint`.as('lapsed_yen'),
            sql<boolean>`count(p.redemption_id) > 0`.as('has_redemptions'),
          ])
          .as('b'),
      (join) => join.onTrue(),
    )
    .where('g.id', '=', grantId)
    .select(GRANT_COLUMNS.map((column) => `g.${column}` as const))
    .select(['c.settings', 'b.residual_yen', 'b.pending_yen', 'b.issued_yen', 'b.lapsed_yen', 'b.has_redemptions']);
}

type SheetRow = NonNullable<Awaited<ReturnType<ReturnType<typeof sheetQuery>['executeTakeFirst']>>>;

function readSheet({ settings, residual_yen, pending_yen, issued_yen, lapsed_yen, has_redemptions, ...grant }: SheetRow): GrantSheet {
  return {
    grant,
    settings,
    residualYen: residual_yen ?? 0n,
    pendingYen: pending_yen ?? 0n,
    issuedYen: issued_yen ?? 0n,
    lapsedYen: lapsed_yen ?? 0n,
    hasRedemptions: has_redemptions ?? false,
  };
}

/** Locks a grant for the rest of the transaction; everything about its yen is decided behind this lock. */
export async function lockGrant(trx: Trx, grantId: string): Promise<Grant | null> {
  const grant = await trx.selectFrom('grants').select(GRANT_COLUMNS).where('id', '=', grantId).forNoKeyUpdate().executeTakeFirst();
  return grant ?? null;
}

/** What is left on a grant, in yen. Ask behind its lock when deciding. */
export async function getResidual(trx: Db | Trx, grantId: string): Promise<bigint> {
  const { yen } = await trx
    .selectFrom('postings')
    .where('grant_id', '=', grantId)
    .where('account', '=', 'grant')
    .select(sql<bigint>`coalesce(sum(yen), 0)::bigint`.as('yen'))
    .executeTakeFirstOrThrow();
  return yen;
}

/** The grant that a link's digest belongs to, with the link's generation. */
export async function findGrantByLinkDigest(db: Db, digest: Buffer): Promise<{ grantId: string; generation: number } | null> {
  const row = await db.selectFrom('grants').where('link_digest', '=', digest).select(['id', 'link_generation']).executeTakeFirst();
  return row ? { grantId: row.id, generation: row.link_generation } : null;
}
