import type { Crypto } from '../../crypto.server';
import { CLAIM_DETAILS_PLACE, type ClaimDetails } from '../../domain/claim-form';
import { normaliseMail, normaliseName } from '../../domain/contact';

/** Seals what an applicant said for the claim's row and indexes what one searches by. */
export function sealClaimDetails(crypto: Pick<Crypto, 'seal' | 'index' | 'indexKeyId'>, claimId: string, details: ClaimDetails) {
  const { sealed, keyId } = crypto.seal(CLAIM_DETAILS_PLACE, claimId, JSON.stringify(details));
  return {
    details_sealed: sealed,
    details_key_id: keyId,
    index_key_id: crypto.indexKeyId,
    name_index: crypto.index('name', normaliseName(details.name)),
    phone_index: crypto.index('phone', details.phone),
    mail_index: crypto.index('mail', normaliseMail(details.mail)),
    address_index: crypto.index('address', details.postal + normaliseName(details.address)),
  };
}
