import type { ClaimSheet } from '#db/claims';
import type { Trx } from '#db/database';
import type { ClaimMailPurpose } from '#db/tables/claims';
import type { ToldState } from '../../domain/claim';
import { openClaimDetails } from '../../domain/claim-form';
import type { Portal } from '../../portal';

const PLACE = 'claim_mails.address';

/** What the link that proves a claim's address ends with; derived, never stored. */
export function claimProofToken(crypto: Pick<Portal['crypto'], 'linkToken'>, claimId: string, keyId: string, generation = 1): string {
  return crypto.linkToken(`claim:${claimId}`, generation, keyId);
}

/**
 * Writes a mail to an applicant and its job in the transaction of what causes it. The link and the number are asked for:
 * none while one of its kind waits. What a move tells is written once with the move itself.
 */
export async function queueClaimMail(
  portal: Pick<Portal, 'crypto' | 'enqueue'>,
  trx: Trx,
  { claimId, purpose, mail, now }: { claimId: string; purpose: ClaimMailPurpose; mail: string; now: Date },
): Promise<void> {
  const id = portal.crypto.newId(now);
  const { sealed, keyId } = portal.crypto.seal(PLACE, id, mail);
  const written = await trx
    .insertInto('claim_mails')
    .values({
      id,
      claim_id: claimId,
      purpose,
      address_sealed: sealed,
      address_key_id: keyId,
      state: 'queued',
      queued_at: now,
      state_at: now,
    })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  if (written.numInsertedOrUpdatedRows) await portal.enqueue(trx, { name: 'send-claim-mail', mailId: id, delayMs: 0 });
}

/**
 * Writes to an applicant what their claim just came to, in the transaction of that move: `now` is its instant. An address
 * that nobody has proven may be a stranger's: nothing is said to it.
 */
export async function tellApplicant(
  portal: Pick<Portal, 'crypto' | 'enqueue'>,
  trx: Trx,
  { claim, state, now }: { claim: ClaimSheet; state: ToldState; now: Date },
): Promise<void> {
  if (!claim.mailProvenAt) return;
  const { mail } = openClaimDetails(portal.crypto, claim);
  await queueClaimMail(portal, trx, { claimId: claim.id, purpose: state, mail, now });
}

/** Opens the address. @throws when anything was changed or moved */
export function openClaimMail(
  crypto: Pick<Portal['crypto'], 'open'>,
  row: { readonly id: string; readonly address_sealed: Buffer; readonly address_key_id: string },
): string {
  return crypto.open(PLACE, row.id, row.address_sealed, row.address_key_id);
}
