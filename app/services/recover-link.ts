import type { Trx } from '#db/database';
import { listResends, lockAddresses } from '#db/message-counts';
import { listByIndexes, listByNumbers, listFound } from '#db/search';
import { inTransaction } from '#db/transaction';
import { whyNot } from '../domain/acts';
import { type Contact, tryOpenContact } from '../domain/contact';
import { isFrozen } from '../domain/deadline';
import type { MessageChannel } from '../domain/message';
import {
  chooseLinks,
  LINKS_A_DAY,
  provesRecovery,
  type RecoveryFacts,
  readRecovery,
  type Sendable,
  type TypedRecovery,
  typedChannel,
} from '../domain/recovery';
import type { Portal } from '../portal';
import { openActContext } from './parts/acts/engine';
import { DAY_MS, SAME_PRESS_MS, sendLinkAgain } from './parts/link-again';
import { addressDigests } from './parts/message-row';
import { reachesOf } from './parts/reach';

/** Grants that are looked at for a number: it is theirs alone. */
const CANDIDATES_MOST = 40;
/** People that are looked at for an address: an agency's may be that of many. */
const SHARING_MOST = 2_000;
/** Links that one request may bring. */
const LINKS_MOST = LINKS_A_DAY;

/**
 * Looks whether what was typed at /recover is true of somebody, and sends the same link to the registered address. In one
 * transaction with the request's end, so that nothing is sent twice. @returns how many links; null when it was done before
 */
export async function recoverLink(portal: Portal, { recoveryId }: { recoveryId: string }): Promise<number | null> {
  return inTransaction(portal.db, async (trx) => {
    const row = await trx
      .selectFrom('recoveries')
      .select(['asked', 'language'])
      .where('id', '=', recoveryId)
      .where('settled_at', 'is', null)
      .forUpdate()
      .executeTakeFirst();
    if (!row?.asked) return null;
    const text = portal.crypto.openText(`recovery|${recoveryId}`, row.asked);
    if (text === null) portal.log.error({ recovery: recoveryId }, 'what was typed to get a link again cannot be opened');
    const facts = text === null ? null : readRecovery(JSON.parse(text) as TypedRecovery);
    const grants = facts && 'direct' in facts ? await findGrants(portal, trx, facts) : [];
    let sent = 0;
    for (const grant of grants) if (await sendOnce(portal, trx, grant, row.language)) sent += 1;
    await trx.updateTable('recoveries').set({ asked: null, settled_at: portal.clock.now(), sent }).where('id', '=', recoveryId).execute();
    return sent;
  });
}

interface Found extends Sendable {
  readonly contact: Contact;
  readonly prefer: MessageChannel | null;
}

/**
 * The grants that get their link, of those of whom it is true; their addresses are locked. In the order of their ids:
 * two requests lock them in the same order.
 */
async function findGrants(portal: Portal, trx: Trx, facts: RecoveryFacts): Promise<Found[]> {
  const now = portal.clock.now();
  const found = await listTrue(portal, trx, facts, now);
  const resends = await listResends(trx, { grantIds: found.map(({ grantId }) => grantId), since: new Date(now.getTime() - DAY_MS) });
  const free = found.flatMap((one): Found[] => {
    const { last, count } = resends.get(one.grantId) ?? { last: null, count: 0 };
    const isSpent = count >= LINKS_A_DAY || (last !== null && now.getTime() - last.getTime() < SAME_PRESS_MS);
    return isSpent ? [] : [{ ...one, lastSentAt: last }];
  });
  const chosen = chooseLinks(free, { now, most: LINKS_MOST });
  const digests = chosen.flatMap(({ contact }) =>
    reachesOf(contact, { channel: 'mail' }).flatMap((to) => addressDigests(portal.crypto, to)),
  );
  await lockAddresses(trx, digests);
  return chosen.sort((a, b) => (a.grantId < b.grantId ? -1 : 1));
}

/** The grants of whom it is true, without those that are frozen. */
async function listTrue(portal: Portal, trx: Trx, facts: RecoveryFacts, now: Date): Promise<Found[]> {
  const { crypto } = portal;
  const indexes = { name: [], kana: [], phone: [] as Buffer[], mail: [] as Buffer[] };
  for (const { kind, indexed } of facts.direct)
    if (indexed !== undefined && (kind === 'phone' || kind === 'mail')) indexes[kind].push(...crypto.indexAll(kind, indexed));
  const numbers = facts.second.length > 0 ? [...new Set(facts.numbers.map(({ text }) => text))] : [];
  const fact = { tokens: [], indexes, numbers };
  const recipientIds = await listByIndexes(trx, { fact, scope: 'all', limit: SHARING_MOST });
  const byNumber = await listByNumbers(trx, { fact, scope: 'all', after: null, limit: CANDIDATES_MOST });
  const rows = await listFound(trx, { recipientIds, grantIds: byNumber.map(({ grantId }) => grantId), scope: 'all' });
  return rows.flatMap((row): Found[] => {
    if (isFrozen(now, row.frozen_at, row.frozen_until)) return [];
    const { recipient_id: id, contact_sealed, contact_key_id } = row;
    const contact = tryOpenContact(crypto, { id, contact_sealed, contact_key_id });
    const known = { number: row.number, inquiryNumber: row.inquiry_number, contact };
    if (!contact || !provesRecovery(facts, known)) return [];
    return [
      {
        grantId: row.grant_id,
        residualYen: row.residual_yen,
        deadlineAt: row.deadline_at,
        hasTaken: row.states.length > 0,
        lastSentAt: null,
        contact,
        prefer: typedChannel(facts, known),
      },
    ];
  });
}

async function sendOnce(portal: Portal, trx: Trx, { grantId, prefer }: Found, language: 'ja' | 'en'): Promise<boolean> {
  const context = await openActContext(portal, trx, grantId);
  if (!context || whyNot('resend', context.person, null, context.now)) return false;
  const how = { ...(prefer && { prefer }), isCountedByAddress: true };
  const sent = await sendLinkAgain(portal, trx, context, { actor: 'recipient', language, ...how });
  return sent.kind === 'queued';
}
