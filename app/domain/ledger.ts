import type { Yen } from './yen';

/**
 * The ledger's vocabulary: which entry moves yen between which accounts. Amounts are positive here;
 * `postingsOf` makes the two signed legs.
 */
export type LedgerAccount = 'fund' | 'grant' | 'pending' | 'issued' | 'lapsed';

export interface Leg {
  readonly account: LedgerAccount;
  readonly grantId: string | null;
  readonly redemptionId: string | null;
  readonly provider: string | null;
  /** Signed: negative leaves the account. Never 0. */
  readonly yen: Yen;
}

interface Where {
  readonly grantId: string;
  readonly redemptionId: string;
  readonly provider: string;
}

/** A choice was accepted: the yen are set aside. */
export function acceptedLegs(where: Where, yen: Yen): Leg[] {
  return [leg('grant', { grantId: where.grantId }, -yen), leg('pending', where, yen)];
}

/** A code was issued. */
export function issuedLegs(where: Where, yen: Yen): Leg[] {
  return [leg('pending', where, -yen), leg('issued', where, yen)];
}

/** A code surely was not issued and its yen go back to the grant (返却). */
export function returnedLegs(where: Where, yen: Yen): Leg[] {
  return [leg('pending', where, -yen), leg('grant', { grantId: where.grantId }, yen)];
}

/** A code proved worthless or was cancelled: its yen are set aside again, for a new one. */
export function voidedLegs(where: Where, yen: Yen): Leg[] {
  return [leg('issued', where, -yen), leg('pending', where, yen)];
}

/** What had lapsed is the grant's again, because its deadline was extended. */
export function restoredLegs(grantId: string, yen: Yen): Leg[] {
  return [leg('lapsed', { grantId }, -yen), leg('grant', { grantId }, yen)];
}

/** What is left on grants at their deadline lapses (失効). */
export function lapsedLegs(residuals: readonly { grantId: string; yen: Yen }[]): Leg[] {
  return residuals.flatMap(({ grantId, yen }) => [leg('grant', { grantId }, -yen), leg('lapsed', { grantId }, yen)]);
}

/** Grants are made out of the campaign's fund: one leg for each grant and one for the fund. */
export function grantedLegs(grants: readonly { grantId: string; yen: Yen }[]): Leg[] {
  const total = grants.reduce((sum, grant) => sum + grant.yen, 0n);
  return [leg('fund', {}, -total), ...grants.map(({ grantId, yen }) => leg('grant', { grantId }, yen))];
}

function leg(account: LedgerAccount, of: Partial<Where>, yen: Yen): Leg {
  if (yen === 0n) throw new Error('a posting of 0 yen');
  return { account, grantId: of.grantId ?? null, redemptionId: of.redemptionId ?? null, provider: of.provider ?? null, yen };
}
