import { inTransaction } from '#db/transaction';
import { normaliseMail, readMail } from '../domain/contact';
import type { Portal } from '../portal';
import { queueClaimMail } from './parts/claim-mail';

/** Nobody has more claims under one address than an agency's desk. */
const MOST = 20;

/** Sends the reference numbers of an address's claims to that address, where it was proven. Says nothing about whether there are any. */
export async function sendLostNumber(
  portal: Pick<Portal, 'db' | 'crypto' | 'clock' | 'enqueue'>,
  { campaignId, mail: typed }: { campaignId: string; mail: string },
): Promise<void> {
  const mail = readMail(typed);
  if (!mail) return;
  const now = portal.clock.now();
  await inTransaction(portal.db, async (trx) => {
    const claims = await trx
      .selectFrom('claims')
      .select('id')
      .where('campaign_id', '=', campaignId)
      .where('mail_index', 'in', portal.crypto.indexAll('mail', normaliseMail(mail)))
      .where('mail_proven_at', 'is not', null)
      .orderBy('received_at', 'desc')
      .limit(MOST)
      .execute();
    for (const { id } of claims) await queueClaimMail(portal, trx, { claimId: id, purpose: 'number', mail, now });
  });
}
