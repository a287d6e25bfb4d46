import type { MessageChannel, MessagePurpose, MessageReason, MessageState } from '../domain/message';
import { isAskable } from '../domain/message';
import type { Portal } from '../portal';

/** Messages to one person and openings of their link; the newest first, no more of each than somebody reads. */
const MOST = 200;

export interface SentMessage {
  readonly id: string;
  readonly purpose: MessagePurpose;
  readonly channel: MessageChannel;
  readonly addressMask: string;
  readonly language: 'ja' | 'en';
  readonly state: MessageState;
  readonly reason: MessageReason | null;
  /** The channel's own code. */
  readonly detail: string | null;
  readonly attempts: number;
  /** `invitation/own-3`. */
  readonly template: string;
  /** Its link still opens the page. */
  readonly linkLives: boolean | null;
  readonly queuedAt: Date;
  readonly calledAt: Date | null;
  readonly next: { readonly what: 'retry' | 'ask'; readonly at: Date } | null;
  /** After it surely failed: by which way it went out instead; `none`: there was no other. */
  readonly fellOver: MessageChannel | 'none' | null;
}

export interface SentOpening {
  readonly at: Date;
  readonly client: 'bot' | 'phone' | 'computer' | 'other';
  /** A person did something; else nobody knows. */
  readonly actedAt: Date | null;
}

export interface SentPage {
  readonly number: string;
  readonly messages: readonly SentMessage[];
  readonly opens: readonly SentOpening[];
}

/** What was sent to one person; null when there is no such grant. */
export async function findSent({ db }: Pick<Portal, 'db'>, grantId: string): Promise<SentPage | null> {
  const grant = await db.selectFrom('grants').select(['number', 'link_generation']).where('id', '=', grantId).executeTakeFirst();
  if (!grant) return null;
  const rows = await db
    .selectFrom('messages')
    .select(['id', 'purpose', 'channel', 'address_mask', 'language', 'state', 'reason', 'detail', 'attempts', 'template'])
    .select(['link_generation', 'queued_at', 'called_at', 'due_at'])
    .where('grant_id', '=', grantId)
    .orderBy('queued_at', 'desc')
    .orderBy('id', 'desc')
    .limit(MOST)
    .execute();
  const fallovers = await db
    .selectFrom('fallovers')
    .leftJoin('messages', 'messages.id', 'fallovers.next_message_id')
    .select(['fallovers.message_id', 'messages.channel'])
    .where('fallovers.message_id', 'in', db.selectFrom('messages').select('id').where('grant_id', '=', grantId))
    .execute();
  const opens = await db
    .selectFrom('link_opens')
    .select(['opened_at', 'client', 'acted_at'])
    .where('grant_id', '=', grantId)
    .orderBy('opened_at', 'desc')
    .limit(MOST)
    .execute();
  return {
    number: grant.number,
    messages: rows.map((row) => ({
      id: row.id,
      purpose: row.purpose,
      channel: row.channel,
      addressMask: row.address_mask,
      language: row.language,
      state: row.state,
      reason: row.reason,
      detail: row.detail,
      attempts: row.attempts,
      template: row.template,
      linkLives: row.link_generation === null ? null : row.link_generation === grant.link_generation,
      queuedAt: row.queued_at,
      calledAt: row.called_at,
      next: nextOf(row.state, row.due_at),
      fellOver: fellOverOf(fallovers.find(({ message_id }) => message_id === row.id)),
    })),
    opens: opens.map((row) => ({ at: row.opened_at, client: row.client, actedAt: row.acted_at })),
  };
}

function fellOverOf(fallover: { readonly channel: MessageChannel | null } | undefined): SentMessage['fellOver'] {
  return fallover ? (fallover.channel ?? 'none') : null;
}

function nextOf(state: MessageState, dueAt: Date | null): SentMessage['next'] {
  if (!dueAt) return null;
  if (state === 'soft_failed' || state === 'queued') return { what: 'retry', at: dueAt };
  return isAskable(state) ? { what: 'ask', at: dueAt } : null;
}
