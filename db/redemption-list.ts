import { sql } from 'kysely';
import type { CampaignScope } from '../app/domain/access';
import type { Db } from './database';
import type { RedemptionStateColumn } from './schema';

/** Which redemptions a list shows; null: no matter. */
export interface RedemptionFilter {
  readonly scope: CampaignScope;
  readonly campaign: string | null;
  readonly provider: string | null;
  readonly state: RedemptionStateColumn | null;
  /** Why an attempt was declined, or why nobody knows. */
  readonly reason: string | null;
  /** In its state since before this instant. */
  readonly until: Date | null;
}

/** Where a page ended. */
export interface RedemptionKey {
  readonly at: Date;
  readonly id: string;
}

function filtered(db: Db, filter: RedemptionFilter) {
  const { scope, campaign, provider, state, reason, until } = filter;
  return db
    .selectFrom('redemptions as r')
    .$if(scope !== 'all', (query) => query.where('r.campaign_id', 'in', scope === 'all' || scope.length === 0 ? [''] : [...scope]))
    .$if(campaign !== null, (query) => query.where('r.campaign_id', '=', campaign ?? ''))
    .$if(provider !== null, (query) => query.where('r.provider', '=', provider ?? ''))
    .$if(state !== null, (query) => query.where('r.state', '=', state ?? 'failed'))
    .$if(until !== null, (query) => query.where('r.state_at', '<=', until ?? new Date(0)))
    .$if(reason !== null, (query) =>
      query.where(
        sql<boolean>`exists (select 1 from codes c join issuances i on i.code_id = c.id where c.redemption_id = r.id
          and ((i.state = 'declined' and i.reason = ${reason}) or (i.state = 'unknown' and i.cause = ${reason})))`,
      ),
    );
}

/** A page of redemptions, those that changed last first. */
export async function listRedemptionRows(db: Db, filter: RedemptionFilter, page: { before: RedemptionKey | null; limit: number }) {
  const { before, limit } = page;
  return filtered(db, filter)
    .innerJoin('grants as g', 'g.id', 'r.grant_id')
    .select([
      'r.id',
      'r.grant_id as grantId',
      'r.campaign_id as campaignId',
      'r.provider',
      'r.yen',
      'r.state',
      'r.state_at as since',
      'g.number',
    ])
    .select(
      sql<string | null>`(select coalesce(i.reason, i.cause) from codes c join issuances i on i.code_id = c.id
        where c.redemption_id = r.id and i.state in ('declined', 'unknown') order by i.created_at desc, i.id desc limit 1)`.as('reason'),
    )
    .$if(before !== null, (query) =>
      query.where(sql<boolean>`(r.state_at, r.id) < (${before?.at.toISOString() ?? ''}::timestamptz, ${before?.id ?? ''}::uuid)`),
    )
    .orderBy('r.state_at', 'desc')
    .orderBy('r.id', 'desc')
    .limit(limit)
    .execute();
}

/** The ids of what fits, those that wait longest first. */
export async function listRedemptionIds(db: Db, filter: RedemptionFilter, limit: number): Promise<string[]> {
  const rows = await filtered(db, filter).select('r.id').orderBy('r.state_at').orderBy('r.id').limit(limit).execute();
  return rows.map(({ id }) => id);
}
