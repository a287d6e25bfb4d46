import { type RawBuilder, sql } from 'kysely';
import type { Bilingual, OfferAmount } from '../app/domain/campaign';
import { japanDay } from '../app/domain/japan-time';
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
  const { offers } = await db.selectNoFrom(offersOf(sql`${campaignId}::text`, now).as('offers')).executeTakeFirstOrThrow();
  return readOffers(offers);
}

/** An offer as `offersOf` makes it. */
interface OfferJson extends Omit<OfferRow, 'stock'> {
  /** Face value and count. */
  readonly stock: readonly (readonly [number, number])[] | null;
}

/**
 * The offers of a campaign as one value, so that they can be part of a larger read. Face values are walked through
 * the index of free codes and counted only as far as needed: as quick with a million codes as with ten.
 */
export function offersOf(campaignId: RawBuilder<unknown>, now: Date): RawBuilder<readonly OfferJson[]> {
  return sql`(
    select coalesce(jsonb_agg(jsonb_build_object(
        'provider', o.provider, 'label', o.label, 'amount', o.amount, 'source', o.source,
        'paused', o.paused_at is not null, 'pauseNote', o.pause_note,
        'troubled', coalesce(s.closed_until > ${now}::timestamptz, false),
        'stock', case when o.source = 'stock' then (
          with recursive faces as (
            (select yen from stock_codes where campaign_id = o.campaign_id and provider = o.provider
              and issuance_id is null order by yen limit 1)
            union all
            select f.yen from faces cross join lateral (select yen from stock_codes where campaign_id = o.campaign_id
              and provider = o.provider and issuance_id is null and yen > faces.yen order by yen limit 1) f
          )
          select coalesce(jsonb_agg(jsonb_build_array(faces.yen, n.free)), '[]')
            from faces cross join lateral (select count(*)::int as free from (select 1 from stock_codes
              where campaign_id = o.campaign_id and provider = o.provider and issuance_id is null and yen = faces.yen
                and expires_on >= ${japanDay(now)}::date limit ${sql.lit(COUNT_UP_TO)}) counted) n
            where n.free > 0
        ) end) order by o.position), '[]')
      from offers o left join provider_states s on s.provider = o.provider
      where o.campaign_id = ${campaignId}
  )`;
}

/** Reads them back. */
export function readOffers(offers: readonly OfferJson[]): OfferRow[] {
  return offers.map((offer) => ({ ...offer, stock: offer.stock && new Map(offer.stock) }));
}
