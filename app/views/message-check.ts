import { listSentLinks } from '#db/message-checks';
import type { CampaignSettings } from '../domain/campaign';
import { type CheckFacts, type CheckVerdict, decideCheck, type PublishedSender } from '../domain/message-check';
import { joinedPhrase, phraseOf } from '../domain/phrase';
import type { Portal } from '../portal';

/**
 * Whether a message is ours: whether one with this phrase went to the address at which it arrived, and by whom it claims
 * to come. Only reads, and answers the same for an address we do not know as for a wrong phrase.
 */
export async function checkMessage(portal: Pick<Portal, 'db' | 'crypto'>, { sender, phrase, arrived }: CheckFacts): Promise<CheckVerdict> {
  const { crypto } = portal;
  const links = await listSentLinks(portal.db, crypto.indexAll(arrived.kind, arrived.value));
  const found = links.filter((link) => {
    const own = phraseOf(crypto.linkDraw(link.grantId, link.generation, link.linkKeyId));
    return crypto.same(joinedPhrase(own), phrase);
  });
  const [first] = found;
  if (!first) return decideCheck(sender, null);
  const senders = await listSenders(portal);
  return decideCheck(sender, senders.find(({ id }) => id === first.campaignId)?.senders ?? null);
}

/** The senders of all programmes, the newest first. */
export async function listSenders(portal: Pick<Portal, 'db'>): Promise<PublishedSender[]> {
  const rows = await portal.db.selectFrom('campaigns').select(['id', 'settings']).orderBy('created_at', 'desc').orderBy('id').execute();
  return rows.map(({ id, settings }) => {
    // Checked by the campaign schema when it was loaded.
    const { name, office, senders, callCentre } = settings as CampaignSettings;
    return { id, name, office, senders, callCentre };
  });
}
