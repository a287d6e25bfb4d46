import type { Crypto } from '../../crypto.server';
import type { ClaimDetails } from '../../domain/claim-form';

export const CLAIM_DETAILS_PLACE = 'claims.details';

/** What an applicant said. @throws when anything was changed or moved */
export function openClaimDetails(
  crypto: Pick<Crypto, 'open'>,
  { id, detailsSealed, detailsKeyId }: { readonly id: string; readonly detailsSealed: Buffer; readonly detailsKeyId: string },
): ClaimDetails {
  return JSON.parse(crypto.open(CLAIM_DETAILS_PLACE, id, detailsSealed, detailsKeyId)) as ClaimDetails;
}
