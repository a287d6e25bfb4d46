import { appendAudit } from '#db/audit';
import { inTransaction } from '#db/transaction';
import type { ClaimState } from '../domain/claim';
import type { Portal } from '../portal';
import { claimProofToken } from './parts/claim-mail';

/** Whether a link proves the address of a claim; null for any that does not, however it is wrong. Only reads. */
export async function findClaimProof(
  portal: Pick<Portal, 'db' | 'crypto'>,
  { number, token }: { number: string; token: string },
): Promise<{ readonly id: string; readonly campaignId: string; readonly state: ClaimState; readonly proven: boolean } | null> {
  const claim = await portal.db
    .selectFrom('claims')
    .select(['id', 'campaign_id', 'state', 'mail_proven_at', 'link_key_id'])
    .where('number', '=', number)
    .executeTakeFirst();
  if (!claim?.link_key_id || !portal.crypto.same(claimProofToken(portal.crypto, claim.id, claim.link_key_id), token)) return null;
  return { id: claim.id, campaignId: claim.campaign_id, state: claim.state, proven: claim.mail_proven_at !== null };
}

/** The applicant's address counts from here on: the claim is checked. Pressing again changes nothing. @returns false for a link that proves nothing */
export async function proveClaimMail(
  portal: Pick<Portal, 'db' | 'crypto' | 'clock'>,
  link: { number: string; token: string },
): Promise<boolean> {
  const claim = await findClaimProof(portal, link);
  if (!claim) return false;
  const now = portal.clock.now();
  await inTransaction(portal.db, async (trx) => {
    const proven = await trx
      .updateTable('claims')
      .set({ state: 'checking', state_at: now, mail_proven_at: now })
      .where('id', '=', claim.id)
      .where('state', '=', 'received')
      .where('mail_proven_at', 'is', null)
      .executeTakeFirst();
    if (proven.numUpdatedRows === 0n) return;
    await appendAudit(trx, {
      id: portal.crypto.newId(now),
      campaignId: claim.campaignId,
      at: now,
      actor: 'applicant',
      act: 'claim.proven',
      subjectKind: 'claim',
      subjectId: claim.id,
    });
  });
  return true;
}
