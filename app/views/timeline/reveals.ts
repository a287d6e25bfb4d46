import { sql } from 'kysely';
import type { TimelineSource } from './source';

/** Newest ones that are told one by one; each still says how many there were before it. */
const TOLD_MOST = 50;

/** When the recipient was shown a code, and for which time. */
export const reveals: TimelineSource = async (db, { grantId, labelOf }) => {
  const { rows } = await sql<{ at: Date; outcome: string; provider: string; yen: bigint; last4: string | null; nth: number }>`
    select r.at, r.outcome, i.provider, i.yen, i.last4,
        (row_number() over (partition by r.issuance_id, r.outcome order by r.at, r.id))::int as nth
      from reveals r join issuances i on i.id = r.issuance_id
      where r.grant_id = ${grantId} order by r.at desc limit ${TOLD_MOST}
  `.execute(db);
  return rows.map(({ at, outcome, provider, yen, last4, nth }) => ({
    at,
    name: outcome === 'shown' ? ('shown' as const) : ('unavailable' as const),
    actor: 'recipient',
    facts: { label: labelOf(provider), yen, last4: last4 ?? '', nth },
  }));
};
