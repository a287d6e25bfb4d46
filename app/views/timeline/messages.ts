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

/** Messages to the recipient: asked for, and what came of each try. Addresses are masked. */
export const messages: TimelineSource = async (db, { grantId }) => {
  const rows = await db
    .selectFrom('messages')
    .where('grant_id', '=', grantId)
    .select(['id', 'purpose', 'channel', 'address_mask', 'actor', 'state', 'reason', 'attempts', 'queued_at', 'state_at'])
    .orderBy('queued_at')
    .limit(500)
    .execute();
  if (rows.length === 0) return [];
  const attempts = await db
    .selectFrom('message_attempts')
    .where(
      'message_id',
      'in',
      rows.map(({ id }) => id),
    )
    .select(['message_id', 'attempt', 'state', 'reason', 'state_at'])
    .orderBy('attempt')
    .execute();
  return rows.flatMap((row): TimelineEvent[] => {
    const about = { purpose: row.purpose, channel: row.channel, address: row.address_mask };
    const facts = { ...about, reason: row.reason, nth: row.attempts };
    const own = attempts.filter(({ message_id }) => message_id === row.id);
    const came = own.flatMap(({ attempt, state, reason, state_at }): TimelineEvent[] =>
      state === 'sending' ? [] : [{ at: state_at, name: CAME_TO[state], actor: 'system', facts: { ...about, reason, nth: attempt } }],
    );
    // Only while it waits or is under way is that all there is to say of it.
    const waits = came.length === 0 && (row.state === 'queued' || row.state === 'sending');
    const asked: TimelineEvent = {
      at: row.queued_at,
      name: 'message_queued',
      actor: row.actor,
      facts: { ...facts, ...(waits && { state: row.state }) },
    };
    // Taken back: no try came to this.
    const isTakenBack = row.state === 'hard_failed' && own.at(-1)?.state !== 'hard_failed';
    return [asked, ...came, ...(isTakenBack ? [{ at: row.state_at, name: 'message_failed' as const, actor: 'system', facts }] : [])];
  });
};
