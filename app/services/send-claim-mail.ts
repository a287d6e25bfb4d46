import type { OutgoingMessage, SendOutcome } from '#adapters/channels/port';
import { lockClaimMail } from '#db/claim-mails';
import { getClaimTimes } from '#db/claim-times';
import type { Trx } from '#db/database';
import type { ClaimMail } from '#db/tables/claims';
import { inTransaction } from '#db/transaction';
import { showClaimNumber } from '../domain/claim-number';
import { retryDelayMs } from '../domain/message';
import { claimMailOf } from '../messages/claim-mail';
import type { Channel, Portal, Sending } from '../portal';
import { TURN_PATIENCE_MS, takeTurn } from './parts/channel-turn';
import { claimProofToken, openClaimMail } from './parts/claim-mail';
import { leaseMs } from './parts/lease';

/**
 * Sends one mail to an applicant. It is taken first and sent outside any transaction: what was taken and not settled may
 * have gone out and is never sent again by itself, unless a repeat of the channel's is none. With `wait` it keeps to the
 * channel's rate over all workers together.
 */
export async function sendClaimMail(
  portal: Pick<Portal, 'db' | 'clock' | 'crypto' | 'enqueue' | 'log'>,
  { mailId }: { mailId: string },
  { sending, signal, wait }: { sending: Sending; signal?: AbortSignal; wait?: (ms: number) => Promise<void> },
): Promise<'nothing_to_do' | 'later' | SendOutcome['kind']> {
  const channel = sending.channels.get('mail');
  // Without a channel it waits, until a worker that has one comes by.
  if (!channel) return 'nothing_to_do';
  const taken = await takeMail(portal, { mailId, channel, patienceMs: wait && TURN_PATIENCE_MS });
  if (taken === null) return 'nothing_to_do';
  if (taken === 'later') return 'later';
  const { mail, waitMs } = taken;
  if (wait && waitMs > 0) await wait(waitMs);
  const now = portal.clock.now();
  const letter = await writeMail(portal, mail, sending.publicUrl);
  const outgoing: OutgoingMessage = {
    id: mail.id,
    attempt: mail.attempts,
    kind: 'mail',
    to: openClaimMail(portal.crypto, mail),
    purpose: `claim_${mail.purpose}`,
    ...letter,
    notAfter: null,
    unsubscribe: null,
  };
  const outcome = await channel.connection.send(outgoing, { now, signal });
  const again = isSurelyUnsent(outcome) ? retryDelayMs(mail.attempts) : null;
  const state = again !== null ? 'queued' : outcome.kind === 'failed' ? 'failed' : outcome.kind === 'unknown' ? 'unknown' : 'sent';
  await inTransaction(portal.db, async (trx) => {
    const settled = await trx
      .updateTable('claim_mails')
      .set({ state, state_at: portal.clock.now() })
      .where('id', '=', mail.id)
      // A worker that slept past its lease changes nothing.
      .where('state', '=', 'sending')
      .where('attempts', '=', mail.attempts)
      .executeTakeFirst();
    if (settled.numUpdatedRows === 0n) return;
    if (again !== null) await portal.enqueue(trx, { name: 'send-claim-mail', mailId: mail.id, delayMs: again });
  });
  return outcome.kind;
}

/** The words, with what holds now. */
async function writeMail(
  portal: Pick<Portal, 'db' | 'clock' | 'crypto'>,
  mail: Pick<ClaimMail, 'claim_id' | 'purpose'>,
  publicUrl: string,
): Promise<Pick<OutgoingMessage, 'from' | 'language' | 'subject' | 'text' | 'html'>> {
  const claim = await portal.db
    .selectFrom('claims as c')
    .innerJoin('campaigns as p', 'p.id', 'c.campaign_id')
    .where('c.id', '=', mail.claim_id)
    .leftJoin('grants as g', 'g.id', 'c.grant_id')
    .select(['c.id', 'c.campaign_id', 'c.number', 'c.language', 'c.reason', 'c.link_key_id', 'c.link_generation'])
    .select(['g.granted_yen', 'p.settings'])
    .executeTakeFirstOrThrow();
  const { settings } = claim;
  const { office, callCentre, senders } = settings;
  const programme = `?programme=${claim.campaign_id}`;
  const always = { language: claim.language, number: showClaimNumber(claim.number), office, tel: callCentre.tel };
  const { purpose } = mail;
  const words =
    purpose === 'prove' || purpose === 'number'
      ? claimMailOf({
          ...always,
          purpose,
          link: `${publicUrl}/claim/prove/${claim.number}/${claimProofToken(portal.crypto, claim.id, claim.link_key_id ?? '', claim.link_generation)}${programme}`,
        })
      : claimMailOf({
          ...always,
          purpose,
          link: `${publicUrl}/claim/status${programme}`,
          reason: claim.reason,
          yen: claim.granted_yen,
          sender: senders.mail,
          times: await getClaimTimes(portal.db, { number: claim.number, now: portal.clock.now() }),
          hours: callCentre.hours,
        });
  return { from: { name: office[claim.language], address: senders.mail }, language: claim.language, ...words };
}

/** Transaction A: takes the mail, and a slot of the channel's as the last thing. Null: there is nothing to send. */
async function takeMail(
  portal: Pick<Portal, 'db' | 'clock' | 'enqueue' | 'log'>,
  { mailId, channel, patienceMs }: { mailId: string; channel: Channel; patienceMs: number | undefined },
): Promise<{ mail: ClaimMail; waitMs: number } | 'later' | null> {
  return inTransaction(portal.db, async (trx) => {
    const found = await lockClaimMail(trx, mailId);
    if (!found) return null;
    const { capabilities } = channel;
    const now = portal.clock.now();
    const update = (set: { state: ClaimMail['state']; state_at: Date; attempts?: number }) =>
      trx.updateTable('claim_mails').set(set).where('id', '=', mailId).execute();
    if (found.state === 'sending') {
      if (found.state_at.getTime() + leaseMs(capabilities) > now.getTime()) return null;
      portal.log.warn({ mail: mailId, channel: channel.id }, 'a worker was lost while it sent a mail to an applicant');
      await update({ state: capabilities.repeatable ? 'queued' : 'unknown', state_at: now });
      if (!capabilities.repeatable) return null;
    } else if (found.state !== 'queued') return null;
    if (await isOutdated(trx, found)) {
      await update({ state: 'sending', state_at: now });
      await update({ state: 'failed', state_at: now });
      return null;
    }
    const again = (delayMs: number) => ({ name: 'send-claim-mail' as const, mailId, delayMs });
    const waitMs = await takeTurn(portal, trx, { channel, patienceMs, again });
    if (waitMs === null) return 'later';
    const sent = { state: 'sending' as const, state_at: new Date(now.getTime() + waitMs), attempts: found.attempts + 1 };
    await update(sent);
    return { mail: { ...found, ...sent }, waitMs };
  });
}

/** Whether the claim was led on since: what it would tell is no longer so. */
async function isOutdated(trx: Trx, { purpose, claim_id, queued_at }: ClaimMail): Promise<boolean> {
  if (purpose === 'prove' || purpose === 'number') return false;
  const claim = await trx.selectFrom('claims').select(['state', 'state_at']).where('id', '=', claim_id).executeTakeFirstOrThrow();
  return claim.state !== purpose || claim.state_at.getTime() !== queued_at.getTime();
}

function isSurelyUnsent(outcome: SendOutcome): boolean {
  return (outcome.kind === 'failed' && outcome.retryable) || (outcome.kind === 'unknown' && outcome.cause === 'never_sent');
}
