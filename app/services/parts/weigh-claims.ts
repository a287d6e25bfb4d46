import { listClaimCoupons } from '#db/claims';
import type { Db, Trx } from '#db/database';
import { decideClaim } from '../../domain/claim-match';
import type { Yen } from '../../domain/yen';

/** What the claims of a proposal come to, claim by claim; one that does not match wholly comes to nothing. */
export async function weighClaims(db: Db | Trx, claimIds: readonly string[]): Promise<ReadonlyMap<string, Yen>> {
  const coupons = await listClaimCoupons(db, claimIds);
  const weighed = claimIds.map((id): [string, Yen] => {
    const { whole, yen } = decideClaim(coupons.filter(({ claimId }) => claimId === id));
    return [id, whole ? yen : 0n];
  });
  return new Map(weighed);
}
