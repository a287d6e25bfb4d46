import { appendAudit } from '#db/audit';
import { inTransaction } from '#db/transaction';
import type { ClaimState } from '../domain/claim';
import { readLinkToken } from '../domain/link-token';
import type { Portal } from '../portal';
import { claimProofToken } from './parts/claim-mail';

/** The claim whose address a link proves. */
export interface ClaimProof {
  readonly id: string;
  readonly campaignId: string;
  readonly state: ClaimState;
  readonly reason: string | null;
  readonly proven: boolean;
  /** Which of the links that were sent it is. */
  readonly generation: number;
}

/** Whether a link proves the address of a claim; null for any that does not, however it is wrong. Only reads. */
export async function findClaimProof(
  portal: Pick<Portal, 'db' | 'crypto'>,
  { number, token }: { number: string; token: string },
): Promise<ClaimProof | null> {
  const claim = await portal.db
    .selectFrom('claims')
    .select(['id', 'campaign_id', 'state', 'reason', 'mail_proven_at', 'link_key_id', 'link_generation'])
    .where('number', '=', number)
    .executeTakeFirst();
  if (!claim?.link_key_id) return null;
  const expected = claimProofToken(portal.crypto, claim.id, claim.link_key_id, claim.link_generation);
  if (!portal.crypto.same(expected, readLinkToken(token) ?? '')) return null;
  return {
    id: claim.id,
    campaignId: claim.campaign_id,
    state: claim.state,
    reason: claim.reason,
    proven: claim.mail_proven_at !== null,
    generation: claim.link_generation,
  };
}

/**
 * The applicant's address counts from here on: the claim is checked, unless it was refused meanwhile. Pressing again
 * changes nothing. @returns how the claim stands then; null for a link that proves nothing
 */
export async function proveClaimMail(
  portal: Pick<Portal, 'db' | 'crypto' | 'clock'>,
  link: { number: string; token: string },
): Promise<ClaimProof | null> {
  const claim = await findClaimProof(portal, link);
  if (!claim) return null;
  const now = portal.clock.now();
  await inTransaction(portal.db, async (trx) => {
    const proven = await trx
      .updateTable('claims')
      .set(({ eb }) => ({
        state: eb
          .case()
          .when('state', '=', 'received')
          .then('checking' as const)
          .else(eb.ref('state'))
          .end(),
        state_at: eb.case().when('state', '=', 'received').then(now).else(eb.ref('state_at')).end(),
        mail_proven_at: now,
      }))
      .where('id', '=', claim.id)
      .where('link_generation', '=', claim.generation)
      .where('state', 'in', ['received', 'refused'])
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
  return findClaimProof(portal, link);
}
