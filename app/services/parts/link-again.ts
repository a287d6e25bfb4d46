import { appendAudit } from '#db/audit';
import type { Trx } from '#db/database';
import { countMessagesSince, countToAddressesSince } from '#db/message-counts';
import type { MessageChannel, MessageLanguage } from '../../domain/message';
import { LINKS_A_DAY } from '../../domain/recovery';
import type { Portal } from '../../portal';
import type { ActContext } from './acts/act';
import { addressDigests } from './message-row';
import { listWays, type QueuedMessage, queueMessage } from './queue-message';

/** Within so long {@link LINKS_A_DAY} go out. */
export const DAY_MS = 86_400_000;
/** A second press within this is the same wish. */
export const SAME_PRESS_MS = 60_000;

export interface LinkAgain {
  /** Who asks: `staff:<id>` or `recipient`. */
  readonly actor: string;
  readonly language?: MessageLanguage;
  readonly via?: MessageChannel;
  /** By this way first, instead of the grant's own. */
  readonly prefer?: MessageChannel;
  /** The address must not have had the day's number either, whoever it was for: a household shares one. The caller has locked it. */
  readonly isCountedByAddress?: boolean;
  /** What the record says beside the message. */
  readonly detail?: Readonly<Record<string, string>>;
}

/**
 * Queues the same link to the registered address, behind the grant's lock, so that of two presses at once the later
 * sees what the first has sent; and puts it on the record. @returns the message, or why none: `just_sent` within a
 * minute, `too_many_today`, `no_address`
 */
export async function sendLinkAgain(
  portal: Portal,
  trx: Trx,
  { person, now }: Pick<ActContext, 'person' | 'now'>,
  { actor, language, via, prefer, isCountedByAddress = false, detail }: LinkAgain,
): Promise<QueuedMessage | { readonly kind: 'just_sent' | 'too_many_today' }> {
  const { grantId, campaignId } = person;
  const since = new Date(now.getTime() - DAY_MS);
  const just = await countMessagesSince(trx, { grantId, purpose: 'resend', since: new Date(now.getTime() - SAME_PRESS_MS) });
  if (just > 0) return { kind: 'just_sent' };
  const toPerson = await countMessagesSince(trx, { grantId, purpose: 'resend', since });
  if (toPerson >= LINKS_A_DAY) return { kind: 'too_many_today' };
  const [to] = (await listWays(portal, trx, { grantId, via, prefer })).ways;
  if (!to) return { kind: 'no_address' };
  const digests = isCountedByAddress ? addressDigests(portal.crypto, to) : [];
  if ((await countToAddressesSince(trx, { digests, purpose: 'resend', since })) >= LINKS_A_DAY) return { kind: 'too_many_today' };

  const queued = await queueMessage(portal, trx, { grantId, purpose: 'resend', actor, to, ...(language ? { language } : {}) });
  if (queued.kind === 'no_address') return queued;
  await appendAudit(trx, {
    id: portal.crypto.newId(now),
    campaignId,
    at: now,
    actor,
    act: 'resend.done',
    subjectKind: 'grant',
    subjectId: grantId,
    detail: { ...detail, message: queued.messageId, channel: queued.channel },
  });
  return queued;
}
