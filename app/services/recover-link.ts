import type { Trx } from '#db/database';
import { listByIndexes, listByNumbers, listFound } from '#db/search';
import { inTransaction } from '#db/transaction';
import { whyNot } from '../domain/acts';
import { type Contact, normaliseMail, tryOpenContact } from '../domain/contact';
import { LINKS_A_DAY, provesRecovery, type RecoveryFacts, readRecovery, type TypedRecovery } from '../domain/recovery';
import type { Portal } from '../portal';
import { openActContext } from './parts/acts/engine';
import { sendLinkAgain } from './parts/link-again';

/** Candidates that are looked at, and links that one request may bring: a household shares an address. */
const CANDIDATES_MOST = 40;
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

interface Found {
  readonly grantId: string;
  readonly contact: Contact;
}

/** The grants of whom it is true, in the order of their ids: two requests lock them in the same order. */
async function findGrants(portal: Portal, trx: Trx, facts: RecoveryFacts): Promise<Found[]> {
  const { crypto } = portal;
  const indexes = { name: [], kana: [], phone: [] as Buffer[], mail: [] as Buffer[] };
  for (const { kind, indexed } of facts.direct)
    if (indexed !== undefined && (kind === 'phone' || kind === 'mail')) indexes[kind].push(...crypto.indexAll(kind, indexed));
  const numbers = facts.second.length > 0 ? [...new Set(facts.numbers.map(({ text }) => text))] : [];
  const fact = { tokens: [], indexes, numbers };
  const recipientIds = await listByIndexes(trx, { fact, scope: 'all', limit: CANDIDATES_MOST });
  const byNumber = await listByNumbers(trx, { fact, scope: 'all', after: null, limit: CANDIDATES_MOST });
  const rows = await listFound(trx, { recipientIds, grantIds: byNumber.map(({ grantId }) => grantId), scope: 'all' });
  const found = rows.flatMap((row): Found[] => {
    const { recipient_id: id, contact_sealed, contact_key_id } = row;
    const contact = tryOpenContact(crypto, { id, contact_sealed, contact_key_id });
    const known = { number: row.number, inquiryNumber: row.inquiry_number, contact };
    return contact && provesRecovery(facts, known) ? [{ grantId: row.grant_id, contact }] : [];
  });
  return found.sort((a, b) => (a.grantId < b.grantId ? -1 : 1)).slice(0, LINKS_MOST);
}

async function sendOnce(portal: Portal, trx: Trx, { grantId, contact }: Found, language: 'ja' | 'en'): Promise<boolean> {
  const context = await openActContext(portal, trx, grantId);
  if (!context || whyNot('resend', context.person, null, context.now)) return false;
  const digests = [
    ...(contact.phone ? portal.crypto.indexAll('phone', contact.phone) : []),
    ...(contact.mail ? portal.crypto.indexAll('mail', normaliseMail(contact.mail)) : []),
  ];
  const sent = await sendLinkAgain(portal, trx, context, { actor: 'recipient', language, digests });
  return sent.kind === 'queued';
}
