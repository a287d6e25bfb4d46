import { findByReference, findRelatedRows } from '#db/person-related';
import type { CampaignScope } from '../domain/access';
import type { CaseState } from '../domain/case';
import type { ClaimState } from '../domain/claim';
import type { Yen } from '../domain/yen';
import type { Portal } from '../portal';

/** What else is known of one person: coupons, claims, cases and other grants. */
export interface Related {
  readonly coupons: readonly { readonly id: string; readonly inquiryNumber: string; readonly faceYen: Yen; readonly ofGrant: boolean }[];
  readonly claims: readonly { readonly id: string; readonly number: string; readonly state: ClaimState; readonly at: Date }[];
  readonly cases: readonly { readonly id: string; readonly number: string; readonly state: CaseState; readonly at: Date }[];
  readonly grants: readonly { readonly id: string; readonly number: string; readonly yen: Yen }[];
}

/** What a grant's campaign knows of whoever it is for. */
export async function findRelated({ db }: Pick<Portal, 'db'>, grantId: string): Promise<Related> {
  const { coupons, claims, cases, grants } = await findRelatedRows(db, grantId);
  return {
    coupons: coupons.map((row) => ({ id: row.id, inquiryNumber: row.inquiry_number, faceYen: row.face_yen, ofGrant: row.of_grant })),
    claims: claims.map(({ received_at, ...row }) => ({ ...row, at: received_at })),
    cases: cases.map(({ opened_at, ...row }) => ({ ...row, at: opened_at })),
    grants: grants.map(({ granted_yen, ...row }) => ({ ...row, yen: granted_yen })),
  };
}

/** Where the claim or case of a reference number is, within a scope; null when there is none. */
export async function findReference({ db }: Pick<Portal, 'db'>, number: string, scope: CampaignScope): Promise<string | null> {
  const found = await findByReference(db, { number, campaigns: scope === 'all' ? null : scope });
  return found && `/admin/${found.kind}s/${found.id}`;
}
