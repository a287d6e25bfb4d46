import type { TimelineSource } from './source';

/** Newest ones that are told. */
const TOLD_MOST = 100;

/** That the link was opened, and by whom: a person's device, or a program that looks through mail. */
export const opens: TimelineSource = async (db, { grantId }) => {
  const rows = await db
    .selectFrom('link_opens')
    .where('grant_id', '=', grantId)
    .select(['client', 'opened_at'])
    .orderBy('opened_at', 'desc')
    .limit(TOLD_MOST)
    .execute();
  return rows.map(({ client, opened_at }) => ({
    at: opened_at,
    name: client === 'bot' ? ('opened_bot' as const) : ('opened' as const),
    actor: client === 'bot' ? 'scanner' : 'recipient',
    facts: { client },
  }));
};
