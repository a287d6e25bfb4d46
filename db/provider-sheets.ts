import { sql } from 'kysely';
import type { Db } from './database';

/** How a provider answered in a stretch of time. */
export interface AnswerFigures {
  readonly issued: number;
  readonly declined: number;
  readonly unknown: number;
  /** From the call to the answer, for what was issued. Milliseconds. */
  readonly medianMs: number | null;
  readonly p95Ms: number | null;
}

/** Counts attempts that were made since an instant, of one campaign's provider. */
export async function countAnswers(
  db: Db,
  { campaignId, provider, since }: { campaignId: string; provider: string; since: Date },
): Promise<AnswerFigures> {
  const took = sql`extract(epoch from settled_at - called_at) * 1000`;
  const { rows } = await sql<{ issued: number; declined: number; unknown: number; median_ms: number | null; p95_ms: number | null }>`
    select count(*) filter (where state in ('issued', 'voided'))::int as issued,
        count(*) filter (where state = 'declined')::int as declined,
        count(*) filter (where state = 'unknown')::int as unknown,
        (percentile_cont(0.5) within group (order by ${took}) filter (where state = 'issued' and calls > 0))::float8 as median_ms,
        (percentile_cont(0.95) within group (order by ${took}) filter (where state = 'issued' and calls > 0))::float8 as p95_ms
      from issuances where provider = ${provider} and campaign_id = ${campaignId} and created_at >= ${since}
  `.execute(db);
  const row = rows[0];
  return {
    issued: row?.issued ?? 0,
    declined: row?.declined ?? 0,
    unknown: row?.unknown ?? 0,
    medianMs: row?.median_ms ?? null,
    p95Ms: row?.p95_ms ?? null,
  };
}

/** How often a provider was called since an instant, by all campaigns together: the rate is one for all. */
export async function countCalls(db: Db, { provider, since }: { provider: string; since: Date }): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    select count(*)::int as n from issuances
      where provider = ${provider} and created_at >= ${since}::timestamptz - interval '1 hour' and called_at >= ${since}
  `.execute(db);
  return rows[0]?.n ?? 0;
}

/** Bought codes of one face value on a campaign's shelf. */
export interface ShelfRow {
  readonly provider: string;
  readonly yen: bigint;
  readonly free: number;
  readonly handedOut: number;
  readonly expired: number;
  readonly expiringSoon: number;
  readonly nextExpiry: string | null;
  /** Below so many free codes it is low; null when nobody set a mark. */
  readonly lowCodes: number | null;
}

/**
 * The shelves of one provider of a campaign. A face value that is sold from stock has its shelf also while no code of it
 * was ever there: it is the emptiest of all.
 */
export async function listShelves(
  db: Db,
  { campaignId, provider, today, soon }: { campaignId: string; provider: string; today: string; soon: string },
): Promise<ShelfRow[]> {
  const { rows } = await sql<ShelfRow>`
    with faces as (
      select jsonb_array_elements_text(o.amount -> 'faceValuesYen')::bigint as yen from offers o
        where o.campaign_id = ${campaignId} and o.provider = ${provider} and o.source = 'stock' and o.amount ->> 'kind' = 'fixed'
      union select yen from stock_marks where campaign_id = ${campaignId} and provider = ${provider}
      union select yen from stock_codes where campaign_id = ${campaignId} and provider = ${provider}
    )
    select ${provider}::text as provider, f.yen,
        count(*) filter (where s.code_sealed is not null and s.expires_on >= ${today}::date)::int as free,
        count(*) filter (where s.issuance_id is not null)::int as "handedOut",
        count(*) filter (where s.code_sealed is not null and s.expires_on < ${today}::date)::int as expired,
        count(*) filter (where s.code_sealed is not null and s.expires_on >= ${today}::date and s.expires_on < ${soon}::date)::int as "expiringSoon",
        min(s.expires_on) filter (where s.code_sealed is not null and s.expires_on >= ${today}::date)::text as "nextExpiry",
        max(m.low_codes) as "lowCodes"
      from faces f
      left join stock_codes s on s.campaign_id = ${campaignId} and s.provider = ${provider} and s.yen = f.yen
      left join stock_marks m on m.campaign_id = ${campaignId} and m.provider = ${provider} and m.yen = f.yen
      group by f.yen order by f.yen
  `.execute(db);
  return rows;
}

/** Face values of a campaign whose free codes are below their mark: what the home page counts. */
export async function listLowShelves(
  db: Db,
  { campaignIds, today }: { campaignIds: readonly string[] | null; today: string },
): Promise<{ campaignId: string; provider: string; yen: bigint; free: number; lowCodes: number }[]> {
  const { rows } = await sql<{ campaignId: string; provider: string; yen: bigint; free: number; lowCodes: number }>`
    select m.campaign_id as "campaignId", m.provider, m.yen, n.free, m.low_codes as "lowCodes"
      from stock_marks m cross join lateral (
        select count(*)::int as free from (select 1 from stock_codes s where s.campaign_id = m.campaign_id and s.provider = m.provider
          and s.yen = m.yen and s.issuance_id is null and s.expires_on >= ${today}::date limit m.low_codes) counted) n
      where n.free < m.low_codes and (${campaignIds}::text[] is null or m.campaign_id = any (${campaignIds}::text[]))
      order by m.campaign_id, m.provider, m.yen
  `.execute(db);
  return rows;
}
