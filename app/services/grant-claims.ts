import { sql } from 'kysely';
import { lockApproval } from '#db/approvals';
import { findClaimSheet, lockClaim } from '#db/claims';
import type { Trx } from '#db/database';
import type { Approval } from '#db/tables/staff';
import { inTransaction, sqlState } from '#db/transaction';
import { openClaimDetails } from '../domain/claim-form';
import type { Portal } from '../portal';
import { auditAct, endApproval } from './parts/acts/engine';
import { tellApplicant } from './parts/claim-mail';
import { sealContact } from './parts/sealed-contact';

/** What the database says of a claim that is not what was approved any more; it is left as it is. */
const NO_LONGER: Readonly<Record<string, string>> = { UK002: 'changed_meanwhile', UK004: 'ended', UK005: 'closed' };

/**
 * Makes the grants of an approved proposal, claim by claim in a transaction of its own, and tells each applicant. What
 * was approved and is not so any more is skipped with its reason. It can be stopped or killed anywhere and goes on where
 * it was.
 */
export async function grantClaims(
  portal: Portal,
  { approvalId }: { approvalId: string },
  { signal }: { signal?: AbortSignal } = {},
): Promise<'nothing_to_do' | 'stopped' | 'done'> {
  for (;;) {
    if (signal?.aborted) return 'stopped';
    const approval = await portal.db.selectFrom('approvals').select(['state', 'act']).where('id', '=', approvalId).executeTakeFirst();
    if (approval?.state !== 'approved' || approval.act !== 'approve_claims') return 'nothing_to_do';
    const next = await portal.db
      .selectFrom('approval_claims')
      .select('claim_id')
      .where('approval_id', '=', approvalId)
      .where('state', '=', 'waiting')
      .orderBy('claim_id')
      .executeTakeFirst();
    if (!next) return finish(portal, approvalId);
    await settleOne(portal, approvalId, next.claim_id);
  }
}

async function settleOne(portal: Portal, approvalId: string, claimId: string): Promise<void> {
  try {
    await inTransaction(portal.db, async (trx) => {
      const approval = await lockApproval(trx, approvalId);
      // Behind the approval's lock: another worker may have done this one.
      if (approval?.state !== 'approved' || !(await isWaiting(trx, approvalId, claimId))) return;
      await grantOne(portal, trx, approval, claimId);
    });
  } catch (error) {
    const outcome = NO_LONGER[sqlState(error) ?? ''];
    if (outcome === undefined) throw error;
    await skip(portal, { approvalId, claimId, outcome });
  }
}

async function isWaiting(trx: Trx, approvalId: string, claimId: string): Promise<boolean> {
  const item = await trx
    .selectFrom('approval_claims')
    .select('state')
    .where('approval_id', '=', approvalId)
    .where('claim_id', '=', claimId)
    .executeTakeFirst();
  return item?.state === 'waiting';
}

async function grantOne(portal: Portal, trx: Trx, approval: Approval, claimId: string): Promise<void> {
  const { crypto } = portal;
  await lockClaim(trx, claimId);
  const claim = await findClaimSheet(trx, claimId);
  if (!claim) throw new Error(`claim ${claimId} is gone`);
  const now = portal.clock.now();
  const [recipientId, grantId] = [crypto.newId(now), crypto.newId(now)];
  const { name, kana, phone, mail } = openClaimDetails(crypto, claim);
  const contact = sealContact(crypto, recipientId, { name, kana, phone, mail });
  const digest = crypto.linkDigest(crypto.linkToken(grantId, 1));
  const { rows } = await sql<{ yen: bigint }>`
    select grant_claim(${approval.id}, ${claimId}, ${recipientId}, ${grantId}, ${crypto.newId(now)},
      ${contact.contact_sealed}, ${contact.contact_key_id}, ${contact.index_key_id}, ${contact.name_index}, ${contact.kana_index},
      ${contact.phone_index}, ${contact.mail_index}, ${crypto.linkKeyId}, ${digest}, ${`staff:${approval.proposed_by}`}, ${now}) as yen
  `.execute(trx);
  await tellApplicant(portal, trx, { claim, state: 'approved', now });
  await auditAct(
    portal,
    trx,
    { ...approval, subject_kind: 'claim', subject_id: claimId, yen: rows[0]?.yen ?? 0n },
    { act: 'approve_claims.item', staffId: approval.proposed_by, now, detail: { grant: grantId } },
  );
}

async function skip(
  portal: Portal,
  { approvalId, claimId, outcome }: { approvalId: string; claimId: string; outcome: string },
): Promise<void> {
  await inTransaction(portal.db, async (trx) => {
    const approval = await lockApproval(trx, approvalId);
    if (approval?.state !== 'approved') return;
    const now = portal.clock.now();
    const { numUpdatedRows } = await trx
      .updateTable('approval_claims')
      .set({ state: 'skipped', outcome, at: now })
      .where('approval_id', '=', approvalId)
      .where('claim_id', '=', claimId)
      .where('state', '=', 'waiting')
      .executeTakeFirst();
    if (numUpdatedRows === 0n) return;
    await auditAct(
      portal,
      trx,
      { ...approval, subject_kind: 'claim', subject_id: claimId, yen: 0n },
      { act: 'approve_claims.skipped', staffId: approval.proposed_by, now, detail: { outcome } },
    );
  });
}

async function finish(portal: Portal, approvalId: string): Promise<'nothing_to_do' | 'done'> {
  return inTransaction(portal.db, async (trx) => {
    const approval = await lockApproval(trx, approvalId);
    if (approval?.state !== 'approved') return 'nothing_to_do';
    const now = portal.clock.now();
    await endApproval(trx, approvalId, { state: 'done', outcome: null, now });
    await auditAct(portal, trx, approval, { act: 'approve_claims.done', staffId: approval.proposed_by, now });
    return 'done';
  });
}
