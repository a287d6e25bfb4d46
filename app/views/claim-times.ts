import { getClaimTimes } from '#db/claim-times';
import type { ClaimTimes } from '../domain/claim-times';
import type { Portal } from '../portal';

/** What the sentence of a claim that was found depends on besides its state. */
export async function getClaimStatusTimes(
  portal: Pick<Portal, 'db' | 'clock'>,
  { number }: { readonly number: string },
): Promise<ClaimTimes> {
  return getClaimTimes(portal.db, { number, now: portal.clock.now() });
}
