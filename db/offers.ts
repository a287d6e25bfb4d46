import { sql } from 'kysely';
import type { Bilingual, OfferAmount } from '../app/domain/campaign';
import type { Db, Trx } from './database';

export interface OfferRow {
  readonly provider: string;
  readonly label: Bilingual;
  readonly amount: OfferAmount;
  readonly source: 'api' | 'stock';
  readonly paused: boolean;
  readonly pauseNote: Bilingual | null;
  /** The breaker is open: answers stay away at the moment. */
  readonly troubled: boolean;
  /** Free codes by face value (counted up to 20 each); null when asked by API. */
  readonly stock: ReadonlyMap<number, number> | null;
}

/** More codes of one face value than one redemption takes need not be counted. */
const COUNT_UP_TO = 20;

/** A campaign's offers in their order, with what can be had of them now. */
export async function listOffers(db: Db | Trx, { campaignId, now }: { campaignId: string; now: Date }): Promise<OfferRow[]> {
  const rows = await db
    .selectFrom('offers as o')
    .leftJoin('provider_states as s', 's.provider', 'o.provider')
    .where('o.campaign_id', '=', campaignId)
    .orderBy('o.position')
    .select(['o.provider', 'o.label', 'o.amount', 'o.source', 'o.paused_at', 'o.pause_note', 's.closed_until'])
    .execute();
  const fromStock = rows.filter((row) => row.source === 'stock').map((row) => row.provider);
  const stock = fromStock.length > 0 ? await countFreeStock(db, { campaignId, providers: fromStock, today: japanDay(now) }) : new Map();
  return rows.map((row) => ({
    provider: row.provider,
    label: row.label as Bilingual,
    amount: row.amount as OfferAmount,
    source: row.source,
    paused: row.paused_at !== null,
    pauseNote: row.pause_note as Bilingual | null,
    troubled: row.closed_until !== null && row.closed_until > now,
    stock: row.source === 'stock' ? (stock.get(row.provider) ?? new Map()) : null,
  }));
}

async function countFreeStock(
  db: Db | Trx,
  { campaignId, providers, today }: { campaignId: string; providers: readonly string[]; today: string },
): Promise<Map<string, Map<number, number>>> {
  // Walks the face values through the index of free codes and counts only as far as needed: as quick with a million codes as with ten.
  const { rows } = await sql<{ provider: string; yen: bigint; free: number }>`
    with recursive faces as (
      select p.provider, f.yen
        from unnest(${providers}::text[]) as p(provider)
        cross join lateral (select yen from stock_codes where campaign_id = ${campaignId} and provider = p.provider
          and issuance_id is null order by yen limit 1) f
      union all
      select faces.provider, f.yen
        from faces
        cross join lateral (select yen from stock_codes where campaign_id = ${campaignId} and provider = faces.provider
          and issuance_id is null and yen > faces.yen order by yen limit 1) f
    )
    select faces.provider, faces.yen, n.free
      from faces
      cross join lateral (select count(*)::int as free from (select 1 from stock_codes where campaign_id = ${campaignId}
        and provider = faces.provider and issuance_id is null and yen = faces.yen and expires_on >= ${today}::date
        limit ${COUNT_UP_TO}) counted) n
      where n.free > 0
  `.execute(db);
  const free = new Map<string, Map<number, number>>();
  for (const row of rows) {
    const faces = free.get(row.provider) ?? new Map<number, number>();
    faces.set(Number(row.yen), row.free);
    free.set(row.provider, faces);
  }
  return free;
}

/** Today's date in Japan, YYYY-MM-DD. */
export function japanDay(now: Date): string {
  return new Date(now.getTime() + 9 * 3_600_000).toISOString().slice(0, 10);
}
