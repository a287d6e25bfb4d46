import { sql } from 'kysely';
import { IS_BOUNCED } from './bounced';
import type { Db } from './database';

/** How many things are in some state, and since when the oldest is. A count stops at `NEEDS_MOST`. */
export interface Need {
  readonly count: number;
  readonly since: Date | null;
}

/** No page counts further: whoever has so many knows enough. */
export const NEEDS_MOST = 1_000;

/** Redemptions in a state, by the partial index of each campaign. */
export async function countRedemptions(db: Db, campaigns: readonly string[], state: 'failed' | 'in_doubt'): Promise<Need> {
  return one(
    await sql<Need>`
      select count(*)::int as count, min(state_at) as since from (
        select r.state_at from unnest(${[...campaigns]}::text[]) as k (id) cross join lateral (
          select state_at from redemptions where campaign_id = k.id and state = ${sql.lit(state)} order by state_at limit ${NEEDS_MOST}
        ) r limit ${NEEDS_MOST}
      ) found`.execute(db),
  );
}

/** People whose last message nobody could deliver since an instant. */
export async function countBounced(db: Db, campaigns: readonly string[], since: Date): Promise<Need> {
  return one(
    await sql<Need>`
      select count(*)::int as count, min(state_at) as since from (
        select m.state_at from messages m where m.campaign_id = any(${[...campaigns]}::text[])
            and m.state_at >= ${since} and ${IS_BOUNCED}
          order by m.state_at limit ${NEEDS_MOST}
      ) found`.execute(db),
  );
}

/** Proposals that wait for somebody else than one member of staff; or, where `only`, for them to be decided. */
export async function countProposals(
  db: Db,
  { campaigns, staffId, only, now }: { campaigns: readonly string[]; staffId: string; only: 'others' | 'own'; now: Date },
): Promise<Need> {
  const whose = only === 'own' ? sql`proposed_by = ${staffId}` : sql`proposed_by <> ${staffId}`;
  return one(
    await sql<Need>`
      select count(*)::int as count, min(proposed_at) as since from (
        select proposed_at from approvals where state = 'proposed' and expires_at > ${now} and campaign_id = any(${[...campaigns]}::text[])
          and ${whose} limit ${NEEDS_MOST}
      ) found`.execute(db),
  );
}

/** Claims whose address is proven and that nobody has decided. */
export async function countClaims(db: Db, campaigns: readonly string[]): Promise<Need> {
  return one(
    await sql<Need>`
      select count(*)::int as count, min(received_at) as since from (
        select received_at from claims where campaign_id = any(${[...campaigns]}::text[]) and state = 'checking'
          order by received_at limit ${NEEDS_MOST}
      ) found`.execute(db),
  );
}

/** Cases that stand in a state longer than they may. */
export async function countOverdueCases(db: Db, campaigns: readonly string[], now: Date): Promise<Need> {
  return one(
    await sql<Need>`
      select count(*)::int as count, min(due_at) as since from (
        select due_at from cases where campaign_id = any(${[...campaigns]}::text[]) and due_at <= ${now} order by due_at limit ${NEEDS_MOST}
      ) found`.execute(db),
  );
}

/** Offers that are paused, or whose provider is left alone for a while. */
export async function countClosed(db: Db, campaigns: readonly string[], now: Date): Promise<Need> {
  return one(
    await sql<Need>`
      select count(*)::int as count, min(coalesce(o.paused_at, s.trouble_since)) as since
        from offers o left join provider_states s on s.provider = o.provider
        where o.campaign_id = any(${[...campaigns]}::text[]) and (o.paused_at is not null or s.closed_until > ${now})`.execute(db),
  );
}

/** Offers that are served from bought codes and have none left that could still be handed out. */
export async function countEmptyShelves(db: Db, campaigns: readonly string[], today: string): Promise<Need> {
  return one(
    await sql<Need>`
      select count(*)::int as count, null::timestamptz as since from offers o
        where o.campaign_id = any(${[...campaigns]}::text[]) and o.source = 'stock'
          and not exists (select 1 from stock_codes c where c.campaign_id = o.campaign_id and c.provider = o.provider
            and c.issuance_id is null and c.expires_on >= ${today}::date)`.execute(db),
  );
}

/** Providers of these campaigns that hold less for us than the mark somebody set. */
export async function listLowFunds(
  db: Db,
  campaigns: readonly string[],
): Promise<{ campaignId: string; provider: string; at: Date | null }[]> {
  const { rows } = await sql<{ campaignId: string; provider: string; at: Date | null }>`
    select distinct on (f.provider) o.campaign_id as "campaignId", f.provider, f.at
      from provider_funds f join offers o on o.provider = f.provider
      where f.yen < f.low_yen and o.campaign_id = any(${[...campaigns]}::text[])
      order by f.provider, o.campaign_id
  `.execute(db);
  return rows;
}

/** A job in trouble: given up, or due and not begun. */
export interface QueueTrouble {
  readonly trouble: 'buried' | 'late';
  readonly job_id: bigint;
  readonly task: string;
  readonly since: Date;
}

/** Jobs in trouble, the oldest first; at most a hundred of each kind. */
export async function listQueueTroubles(db: Db): Promise<QueueTrouble[]> {
  return (await sql<QueueTrouble>`select trouble, job_id, task, since from queue_troubles()`.execute(db)).rows;
}

function one({ rows }: { rows: readonly Need[] }): Need {
  return rows[0] ?? { count: 0, since: null };
}
