import { type RawBuilder, sql } from 'kysely';
import type { CampaignSettings } from '../app/domain/campaign';
import { GRANT_COLUMNS } from './columns';
import type { Db, Trx } from './database';
import { type OfferRow, type OffersJson, offersOf, readOffers } from './offers';
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
  const { rows } = await sheetQuery<SheetRow>(NOTHING_MORE, grantId).execute(db);
  return rows[0] ? readSheet(rows[0]) : null;
}

/** The same with the offers, still in one round trip: all that most pages show. */
export async function findGrantOffersSheet(
  db: Db | Trx,
  { grantId, now }: { grantId: string; now: Date },
): Promise<GrantOffersSheet | null> {
  const offersToo = sql`, ${offersOf(sql.raw('g.campaign_id'), now)} as offers`;
  const { rows } = await sheetQuery<SheetRow & { readonly offers: OffersJson }>(offersToo, grantId).execute(db);
  if (!rows[0]) return null;
  const { offers, ...sheet } = rows[0];
  return { ...readSheet(sheet), offers: readOffers(offers) };
}

/** Every page asks this. It stands as text because putting it together anew took as long as asking it. */
function sheetQuery<Row>(more: RawBuilder<unknown>, grantId: string): RawBuilder<Row> {
  return sql<Row>`
    select ${SHEET_COLUMNS}${more}
      from grants g join campaigns c on c.id = g.campaign_id
      cross join lateral (
        select coalesce(sum(yen) filter (where account = 'grant'), 0)::bigint as residual_yen,
          coalesce(sum(yen) filter (where account = 'pending'), 0)::bigint as pending_yen,
          coalesce(sum(yen) filter (where account = 'issued'), 0)::bigint as issued_yen,
          coalesce(sum(yen) filter (where account = 'lapsed'), 0)::bigint as lapsed_yen,
          count(redemption_id) > 0 as has_redemptions
        from postings where grant_id = g.id
      ) b
      where g.id = ${grantId}`;
}

const NOTHING_MORE = sql.raw('');
const SHEET_COLUMNS = sql.raw(
  [
    ...GRANT_COLUMNS.map((column) => `g.${column}`),
    'c.settings',
    ...['residual_yen', 'pending_yen', 'issued_yen', 'lapsed_yen', 'has_redemptions'].map((column) => `b.${column}`),
  ].join(', '),
);

interface SheetRow extends Grant {
  readonly settings: unknown;
  readonly residual_yen: bigint;
  readonly pending_yen: bigint;
  readonly issued_yen: bigint;
  readonly lapsed_yen: bigint;
  readonly has_redemptions: boolean;
}

function readSheet({ settings, residual_yen, pending_yen, issued_yen, lapsed_yen, has_redemptions, ...grant }: SheetRow): GrantSheet {
  return {
    grant,
    // Checked by the campaign schema when it was loaded.
    settings: settings as CampaignSettings,
    residualYen: residual_yen,
    pendingYen: pending_yen,
    issuedYen: issued_yen,
    lapsedYen: lapsed_yen,
    hasRedemptions: has_redemptions,
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
