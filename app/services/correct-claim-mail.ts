import { lockWaitingProofs } from '#db/claim-mails';
import { findClaimSheet } from '#db/claims';
import { inTransaction } from '#db/transaction';
import type { ClaimMailRefusal } from '../domain/claim';
import { openClaimDetails } from '../domain/claim-form';
import { readMail } from '../domain/contact';
import type { Portal } from '../portal';
import { sealClaimDetails } from './parts/claim-details';
import { queueClaimMail } from './parts/claim-mail';
import { auditStep, type ClaimStep, isCorrectionReason, lockForStep, recordCorrection } from './parts/claim-step';

export type ClaimMailCorrected = { readonly kind: 'sent' } | { readonly kind: 'refused'; readonly reason: ClaimMailRefusal };

/** The link that proves an address is sent so often within a day, with the one that was sent by itself. */
const PROOFS_A_DAY = 4;
const DAY_MS = 86_400_000;

/**
 * Sends the link that proves a claim's address once more: to the same address (`mail` is empty), or to the right one when it
 * was mistyped. The link that went to the wrong one is dead. Only until an address is proven: it belongs to somebody then.
 */
export async function correctClaimMail(
  portal: Pick<Portal, 'db' | 'clock' | 'crypto' | 'enqueue'>,
  request: ClaimStep & { readonly mail: string; readonly reason: string },
): Promise<ClaimMailCorrected> {
  const { staff, claimId, reason } = request;
  const { crypto } = portal;
  const no = (why: ClaimMailRefusal) => ({ kind: 'refused', reason: why }) as const;
  const typed = request.mail.trim();
  const corrected = typed === '' ? null : readMail(typed);
  if (typed !== '' && corrected === null) return no('mail_malformed');
  if (!isCorrectionReason(reason)) return no('reason_missing');
  return inTransaction(portal.db, async (trx): Promise<ClaimMailCorrected> => {
    const claim = await lockForStep(trx, { staff, claimId });
    if (typeof claim === 'string') return no(claim);
    const sheet = await findClaimSheet(trx, claimId);
    if (!sheet || claim.state !== 'received' || sheet.mailProvenAt !== null) return no('wrong_state');
    const now = portal.clock.now();
    // What a channel is being asked about may still arrive; nobody knows for some seconds.
    const waiting = await lockWaitingProofs(trx, claimId);
    if (waiting.some(({ state }) => state === 'sending')) return no('mail_going');
    const { sent } = await trx
      .selectFrom('claim_mails')
      .select(({ fn }) => fn.countAll<string>().as('sent'))
      .where('claim_id', '=', claimId)
      .where('purpose', '=', 'prove')
      .where('queued_at', '>', new Date(now.getTime() - DAY_MS))
      .executeTakeFirstOrThrow();
    if (Number(sent) >= PROOFS_A_DAY) return no('too_many_today');
    const details = openClaimDetails(crypto, sheet);
    const mail = corrected ?? details.mail;
    if (waiting.length > 0)
      await trx
        .updateTable('claim_mails')
        .set({ state: 'failed', state_at: now })
        .where(
          'id',
          'in',
          waiting.map(({ id }) => id),
        )
        .execute();
    if (corrected !== null && corrected !== details.mail)
      await trx
        .updateTable('claims')
        .set(({ eb }) => ({
          ...sealClaimDetails(crypto, claimId, { ...details, mail }),
          link_key_id: crypto.linkKeyId,
          link_generation: eb('link_generation', '+', 1),
        }))
        .where('id', '=', claimId)
        .execute();
    await queueClaimMail(portal, trx, { claimId, purpose: 'prove', mail, now });
    const what = mail === details.mail ? 'proof' : 'mail';
    await recordCorrection(portal, trx, { staffId: staff.id, claim, what, reason, now });
    await auditStep(portal, trx, { staffId: staff.id, claim, act: `claim.${what}`, detail: { reason }, now });
    return { kind: 'sent' };
  });
}
