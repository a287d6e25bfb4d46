import type { TimelineEvent } from '../../domain/timeline';
import type { TimelineSource } from './source';

const CAME_TO = {
  sent: 'message_sent',
  accepted: 'message_sent',
  delivered: 'message_delivered',
  soft_failed: 'message_failed',
  hard_failed: 'message_failed',
  unknown: 'message_unknown',
  complained: 'message_complained',
} as const;

/** Messages to the recipient: asked for, and what came of each. Addresses are masked. */
export const messages: TimelineSource = async (db, { grantId }) => {
  const rows = await db
    .selectFrom('messages')
    .where('grant_id', '=', grantId)
    .select(['purpose', 'channel', 'address_mask', 'actor', 'state', 'reason', 'attempts', 'queued_at', 'state_at'])
    .orderBy('queued_at')
    .limit(500)
    .execute();
  return rows.flatMap((row): TimelineEvent[] => {
    const facts = { purpose: row.purpose, channel: row.channel, address: row.address_mask, reason: row.reason, nth: row.attempts };
    const asked: TimelineEvent = { at: row.queued_at, name: 'message_queued', actor: row.actor, facts };
    return row.state === 'queued' || row.state === 'sending'
      ? // Only while it waits or is under way is that all there is to say.
        [{ ...asked, facts: { ...facts, state: row.state } }]
      : [asked, { at: row.state_at, name: CAME_TO[row.state], actor: 'system', facts }];
  });
};
