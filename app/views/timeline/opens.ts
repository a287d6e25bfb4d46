import type { TimelineSource } from './source';

/** Newest ones that are told. */
const TOLD_MOST = 100;

const OPENED = { acted: ['opened', 'recipient'], bot: ['opened_bot', 'scanner'], idle: ['opened_idle', 'somebody'] } as const;

/** That the link was opened. Only what was done there tells that a person was: programs that look through mail open links too. */
export const opens: TimelineSource = async (db, { grantId }) => {
  const rows = await db
    .selectFrom('link_opens')
    .where('grant_id', '=', grantId)
    .select(['client', 'opened_at', 'acted_at'])
    .orderBy('opened_at', 'desc')
    .limit(TOLD_MOST)
    .execute();
  return rows.map(({ client, opened_at, acted_at }) => {
    const [name, actor] = acted_at ? OPENED.acted : client === 'bot' ? OPENED.bot : OPENED.idle;
    return { at: opened_at, name, actor, facts: { client } };
  });
};
