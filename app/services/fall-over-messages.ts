import type { Trx } from '#db/database';
import { type FailedMessage, listFailedMessages } from '#db/fallovers';
import { lockGrant } from '#db/grants';
import { listFailedChannels } from '#db/message-channels';
import { countToAddressesSince, lockAddresses } from '#db/message-counts';
import { inTransaction } from '#db/transaction';
import { isNight } from '../domain/message';
import { LINKS_A_DAY } from '../domain/recovery';
import type { Portal } from '../portal';
import { DAY_MS } from './parts/link-again';
import { addressDigests } from './parts/message-row';
import { queueMessage } from './parts/queue-message';
import { type Reach, reachesOf, readContact } from './parts/reach';

/** What failed longer ago is no news any more. */
const NEWS_MS = 7 * DAY_MS;

/**
 * Sends by the other channel what surely did not arrive: once for each message, in many processes at once. Whatever was
 * tried after it is kept; so is that there was nothing to try. @returns how many were sent on
 */
export async function fallOverMessages(portal: Portal, { limit = 100 }: { limit?: number } = {}): Promise<number> {
  const now = portal.clock.now();
  const query = { now, since: new Date(now.getTime() - NEWS_MS), quiet: isNight(now) };
  let sent = 0;
  for (const one of await listFailedMessages(portal.db, { ...query, limit })) {
    // One that cannot be written holds up nobody else.
    sent += await fallOver(portal, one, query).catch((err: unknown) => {
      portal.log.error({ message: one.messageId, err }, 'a message could not be handed on to the other channel');
      return 0;
    });
  }
  return sent;
}

async function fallOver(portal: Portal, one: FailedMessage, query: { now: Date; since: Date; quiet: boolean }): Promise<0 | 1> {
  return inTransaction(portal.db, async (trx) => {
    const { messageId, grantId } = one;
    const others = reachesOf(readContact(portal, one), { channel: one.channel }).filter(({ channel }) => channel !== one.channel);
    await lockAddresses(
      trx,
      others.flatMap((to) => addressDigests(portal.crypto, to)),
    );
    const grant = await lockGrant(trx, grantId);
    const { now } = query;
    // An address changes only together with the link, and with the link this is none of them any more.
    const [still] = await listFailedMessages(trx, { ...query, limit: 1, messageId });
    if (!grant || !still) return 0;
    const failed = await listFailedChannels(trx, { grantId, linkGeneration: grant.link_generation });
    const to = others.find(({ channel }) => !failed.includes(channel));
    const { purpose, actor, language } = one;
    const request = { grantId, purpose, actor, language, ...(one.yen !== null && { yen: one.yen }) };
    const mayGo = to && (purpose !== 'resend' || (await hasRoom(portal, trx, to, now)));
    const next = mayGo ? await queueMessage(portal, trx, { ...request, to }) : null;
    const nextId = next?.kind === 'queued' ? next.messageId : null;
    await trx.insertInto('fallovers').values({ message_id: messageId, next_message_id: nextId, at: now }).execute();
    return nextId ? 1 : 0;
  });
}

/** No address gets more links in a day than it may be asked for, however they come. */
async function hasRoom(portal: Portal, trx: Trx, to: Reach, now: Date): Promise<boolean> {
  const digests = addressDigests(portal.crypto, to);
  const sent = await countToAddressesSince(trx, { digests, purpose: 'resend', since: new Date(now.getTime() - DAY_MS) });
  return sent < LINKS_A_DAY;
}
