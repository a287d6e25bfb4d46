import type { OutgoingMessage, SendOutcome } from '#adapters/channels/port';
import { inTransaction } from '#db/transaction';
import type { CampaignSettings } from '../domain/campaign';
import { showClaimNumber } from '../domain/claim-number';
import { retryDelayMs } from '../domain/message';
import { claimMailOf } from '../messages/claim-mail';
import type { Portal, Sending } from '../portal';
import { claimProofToken, openClaimMail } from './parts/claim-mail';

/**
 * Sends one mail to an applicant. It is taken first and sent outside any transaction: what was taken and not settled may
 * have gone out and is never sent again by itself.
 */
export async function sendClaimMail(
  portal: Pick<Portal, 'db' | 'clock' | 'crypto' | 'enqueue'>,
  { mailId }: { mailId: string },
  { sending, signal }: { sending: Sending; signal?: AbortSignal },
): Promise<'nothing_to_do' | SendOutcome['kind']> {
  const channel = sending.channels.get('mail');
  // Without a channel it waits: the queue tries again.
  if (!channel) throw new Error('no channel carries mail');
  const now = portal.clock.now();
  const mail = await portal.db
    .updateTable('claim_mails')
    .set((eb) => ({ state: 'sending', state_at: now, attempts: eb('attempts', '+', 1) }))
    .where('id', '=', mailId)
    .where('state', '=', 'queued')
    .returningAll()
    .executeTakeFirst();
  if (!mail) return 'nothing_to_do';
  const claim = await portal.db
    .selectFrom('claims as c')
    .innerJoin('campaigns as p', 'p.id', 'c.campaign_id')
    .where('c.id', '=', mail.claim_id)
    .select(['c.id', 'c.campaign_id', 'c.number', 'c.language', 'c.link_key_id', 'p.settings'])
    .executeTakeFirstOrThrow();
  const settings = claim.settings as CampaignSettings;
  const token = claimProofToken(portal.crypto, claim.id, claim.link_key_id ?? '');
  const words = claimMailOf({
    purpose: mail.purpose,
    language: claim.language,
    number: showClaimNumber(claim.number),
    link: `${sending.publicUrl}/claim/prove/${claim.number}/${token}?programme=${claim.campaign_id}`,
    office: settings.office,
    tel: settings.callCentre.tel,
  });
  const outgoing: OutgoingMessage = {
    id: mail.id,
    attempt: mail.attempts,
    kind: 'mail',
    to: openClaimMail(portal.crypto, mail),
    from: { name: settings.office[claim.language], address: settings.senders.mail },
    language: claim.language,
    purpose: `claim_${mail.purpose}`,
    ...words,
    notAfter: null,
    unsubscribe: null,
  };
  const outcome = await channel.connection.send(outgoing, { now, signal });
  const again = isSurelyUnsent(outcome) ? retryDelayMs(mail.attempts) : null;
  const state = again !== null ? 'queued' : outcome.kind === 'failed' ? 'failed' : outcome.kind === 'unknown' ? 'unknown' : 'sent';
  await inTransaction(portal.db, async (trx) => {
    await trx.updateTable('claim_mails').set({ state, state_at: portal.clock.now() }).where('id', '=', mail.id).execute();
    if (again !== null) await portal.enqueue(trx, { name: 'send-claim-mail', mailId: mail.id, delayMs: again });
  });
  return outcome.kind;
}

function isSurelyUnsent(outcome: SendOutcome): boolean {
  return (outcome.kind === 'failed' && outcome.retryable) || (outcome.kind === 'unknown' && outcome.cause === 'never_sent');
}
