import { listProgrammes } from '#db/campaigns';
import { listSentLinks, type SentLink } from '#db/message-checks';
import { type CheckFacts, type CheckVerdict, decideCheck, type PublishedSender } from '../domain/message-check';
import { joinedPhrase, phraseOf } from '../domain/phrase';
import type { Portal } from '../portal';

/**
 * Whether a message is ours: whether one with this phrase went to the address at which it arrived, and by whom it claims
 * to come. Only reads, and answers the same for an address we do not know as for a wrong phrase.
 */
export async function checkMessage(portal: Pick<Portal, 'db' | 'crypto'>, { sender, phrase, arrived }: CheckFacts): Promise<CheckVerdict> {
  const found = await findSentLink(portal, { phrase, arrived });
  if (!found) return decideCheck(sender, null);
  const senders = await listSenders(portal);
  return decideCheck(sender, senders.find(({ id }) => id === found.campaignId)?.senders ?? null);
}

/** Links compared for everyone, also for addresses to which nothing went: a household's address takes as long as one unknown. */
const COMPARED_LEAST = 40;
/** An agency's address may be that of many: they are gone through in pages. */
const PAGE = 500;
/** No check holds up the others by more than this. */
const COMPARED_MOST = 20_000;

async function findSentLink(
  { db, crypto }: Pick<Portal, 'db' | 'crypto'>,
  { phrase, arrived }: Pick<CheckFacts, 'phrase' | 'arrived'>,
): Promise<SentLink | null> {
  const digests = crypto.indexAll(arrived.kind, arrived.value);
  const nobody = { grantId: '', campaignId: '', generation: 0, linkKeyId: crypto.linkKeyId };
  const isOf = ({ grantId, generation, linkKeyId }: SentLink) =>
    crypto.same(joinedPhrase(phraseOf(crypto.linkDraw(grantId, generation, linkKeyId))), phrase);
  let after: string | null = null;
  for (let compared = 0; compared < COMPARED_MOST; ) {
    const limit: number = after === null ? COMPARED_LEAST : PAGE;
    const links: SentLink[] = await listSentLinks(db, { digests, after, limit });
    for (let n = links.length; n < COMPARED_LEAST && after === null; n += 1) isOf(nobody);
    const [found] = links.filter(isOf);
    if (found) return found;
    if (links.length < limit) return null;
    after = links.at(-1)?.grantId ?? null;
    compared += links.length;
  }
  return null;
}

/** The senders of all programmes, in the order in which they are named everywhere. */
export async function listSenders(portal: Pick<Portal, 'db'>): Promise<PublishedSender[]> {
  const programmes = await listProgrammes(portal.db);
  return programmes.map(({ id, settings: { name, office, senders, callCentre } }) => ({ id, name, office, senders, callCentre }));
}
