import { inTransaction } from '#db/transaction';
import type { ClaimNumberRefusal, ClaimState } from '../domain/claim';
import { normaliseInquiry } from '../domain/claim-form';
import { INQUIRY_NUMBER } from '../domain/row-file';
import type { Portal } from '../portal';
import { auditStep, type ClaimStep, isCorrectionReason, lockForStep, recordCorrection } from './parts/claim-step';

export type ClaimNumberCorrected =
  | { readonly kind: 'corrected'; readonly state: ClaimState }
  | { readonly kind: 'refused'; readonly reason: ClaimNumberRefusal };

/**
 * Puts an inquiry number of a claim right, or takes it out (`became` is empty), as the applicant said: old, new, who and
 * why stay on the record. A claim that waited for the number is checked again. It moves no yen.
 */
export async function correctClaimNumber(
  portal: Pick<Portal, 'db' | 'clock' | 'crypto'>,
  request: ClaimStep & { readonly was: string; readonly became: string; readonly reason: string },
): Promise<ClaimNumberCorrected> {
  const { staff, claimId, was, reason } = request;
  const no = (why: ClaimNumberRefusal) => ({ kind: 'refused', reason: why }) as const;
  const became = normaliseInquiry(request.became) || null;
  if (became !== null && !INQUIRY_NUMBER.test(became)) return no('number_malformed');
  if (!isCorrectionReason(reason)) return no('reason_missing');
  return inTransaction(portal.db, async (trx): Promise<ClaimNumberCorrected> => {
    const claim = await lockForStep(trx, { staff, claimId });
    if (typeof claim === 'string') return no(claim);
    if (!['received', 'checking', 'more_needed'].includes(claim.state)) return no('wrong_state');
    const rows = await trx.selectFrom('claim_coupons').select('inquiry_number').where('claim_id', '=', claimId).execute();
    const numbers = rows.map(({ inquiry_number }) => inquiry_number);
    if (!numbers.includes(was)) return no('number_unknown');
    if (became !== null && numbers.includes(became)) return no('number_twice');
    // A claim without any coupon is none: it is refused instead.
    if (became === null && numbers.length === 1) return no('number_last');
    const now = portal.clock.now();
    await recordCorrection(portal, trx, { staffId: staff.id, claim, what: 'number', was, became, reason, now });
    if (became === null) await trx.deleteFrom('claim_coupons').where('claim_id', '=', claimId).where('inquiry_number', '=', was).execute();
    else
      await trx
        .updateTable('claim_coupons')
        .set({ inquiry_number: became })
        .where('claim_id', '=', claimId)
        .where('inquiry_number', '=', was)
        .execute();
    const state: ClaimState = claim.state === 'more_needed' ? 'checking' : claim.state;
    if (state !== claim.state)
      await trx.updateTable('claims').set({ state, state_at: now, reason: null }).where('id', '=', claimId).execute();
    const detail = { from: claim.state, to: state, reason, number: became === null ? 'removed' : 'changed' };
    await auditStep(portal, trx, { staffId: staff.id, claim, act: 'claim.number', detail, now });
    return { kind: 'corrected', state };
  });
}
