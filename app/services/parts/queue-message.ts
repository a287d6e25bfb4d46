import type { Trx } from '#db/database';
import { listFailedChannels } from '#db/message-channels';
import type { MessageChannel, MessageLanguage, MessagePurpose } from '../../domain/message';
import type { Portal } from '../../portal';
import { messageRow } from './message-row';
import { type Reach, reachesOf, readContact } from './reach';

export interface MessageRequest {
  readonly grantId: string;
  readonly purpose: MessagePurpose;
  /** Who caused it: `staff:<id>`. */
  readonly actor: string;
  /** Where to. Left out: the first of the ways to them, by the contact that stands now, within this transaction. */
  readonly to?: { readonly channel: MessageChannel; readonly address: string };
  /** By this one of the registered addresses and no other. */
  readonly via?: MessageChannel;
  /** The yen it speaks of (a code's); left out: the residual when it is sent. */
  readonly yen?: bigint;
  readonly language?: MessageLanguage;
}

export type QueuedMessage =
  | { readonly kind: 'queued'; readonly messageId: string; readonly channel: MessageChannel; readonly mask: string }
  /** There is nowhere to send it. The act goes on; whoever did it should read this. */
  | { readonly kind: 'no_address' };

/**
 * Writes a message and its job in the transaction of the act that causes it: both happen, or neither. The text is
 * made and the link derived when it is sent. For a change of address queue `address_changed_old` before the new
 * contact is written, or give it `to`; and `address_changed_new` after link and contact were written.
 */
export async function queueMessage(
  portal: Pick<Portal, 'crypto' | 'clock' | 'enqueue' | 'log'>,
  trx: Trx,
  request: MessageRequest,
): Promise<QueuedMessage> {
  const { grantId, purpose, actor, language } = request;
  const { grant, name, ways } = await listWays(portal, trx, request);
  const to = request.to ? { ...request.to, name } : ways[0];
  if (!to) return { kind: 'no_address' };

  const row = messageRow(portal.crypto, {
    campaignId: grant.campaign_id,
    grantId,
    purpose,
    to,
    linkGeneration: grant.link_generation,
    language,
    actor,
    now: portal.clock.now(),
  });
  await trx
    .insertInto('messages')
    .values({ ...row, yen: request.yen ?? null })
    .execute();
  await portal.enqueue(trx, { name: 'send-message', messageId: row.id, delayMs: 0 });
  return { kind: 'queued', messageId: row.id, channel: to.channel, mask: row.address_mask };
}

/** The ways to somebody, best first: those that surely failed come last, for they are better than none. */
export async function listWays(
  portal: Pick<Portal, 'crypto' | 'log'>,
  trx: Trx,
  { grantId, via, prefer }: Pick<MessageRequest, 'grantId' | 'via'> & { /** Instead of the grant's own way. */ prefer?: MessageChannel },
): Promise<{ grant: { campaign_id: string; link_generation: number }; name: string | null; ways: Reach[] }> {
  const grant = await trx
    .selectFrom('grants as g')
    .innerJoin('recipients as r', 'r.id', 'g.recipient_id')
    .where('g.id', '=', grantId)
    .select(['g.campaign_id', 'g.channel', 'g.link_generation'])
    .select(['r.id as recipientId', 'r.contact_sealed as contactSealed', 'r.contact_key_id as contactKeyId'])
    .executeTakeFirstOrThrow();
  const contact = readContact(portal, grant);
  const failed = await listFailedChannels(trx, { grantId, linkGeneration: grant.link_generation });
  const all = reachesOf(contact, { channel: prefer ?? grant.channel }).filter(({ channel }) => !via || channel === via);
  const isFailed = ({ channel }: Reach) => failed.includes(channel);
  return { grant, name: contact?.name ?? null, ways: [...all.filter((way) => !isFailed(way)), ...all.filter(isFailed)] };
}
