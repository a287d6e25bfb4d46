import { appendAudit } from '#db/audit';
import { isClaimProposed, lockClaim } from '#db/claims';
import type { Trx } from '#db/database';
import { type CampaignScope, isInScope } from '../../domain/access';
import { CLAIM_CORRECTIONS } from '../../domain/claim';
import type { Portal } from '../../portal';
import { actorOf } from './acts/act';

/** Who does something about which claim. */
export interface ClaimStep {
  readonly staff: { readonly id: string; readonly scope: CampaignScope };
  readonly claimId: string;
}

type Locked = NonNullable<Awaited<ReturnType<typeof lockClaim>>>;

/** Locks the claim of a step: it is in the staff's scope, and no proposal to approve it waits. */
export async function lockForStep(trx: Trx, { staff, claimId }: ClaimStep): Promise<Locked | 'not_found' | 'proposed'> {
  const claim = await lockClaim(trx, claimId);
  if (!claim || !isInScope(staff.scope, claim.campaignId)) return 'not_found';
  return (await isClaimProposed(trx, claimId)) ? 'proposed' : claim;
}

/** Whether a correction says why. */
export function isCorrectionReason(reason: string): boolean {
  return (CLAIM_CORRECTIONS as readonly string[]).includes(reason);
}

/** Writes down what staff put right in a claim: what it was and became where it is no address, who, and why. */
export async function recordCorrection(
  { crypto }: Pick<Portal, 'crypto'>,
  trx: Trx,
  of: {
    readonly staffId: string;
    readonly claim: Locked;
    readonly what: 'mail' | 'proof' | 'number';
    readonly was?: string;
    readonly became?: string | null;
    readonly reason: string;
    readonly now: Date;
  },
): Promise<void> {
  const { claim, what, reason, now } = of;
  await trx
    .insertInto('claim_corrections')
    .values({
      id: crypto.newId(now),
      claim_id: claim.id,
      campaign_id: claim.campaignId,
      what,
      was: of.was ?? null,
      became: of.became ?? null,
      reason,
      staff_id: of.staffId,
      at: now,
    })
    .execute();
}

/** The audit entry of a step; the last thing in its transaction. */
export async function auditStep(
  { crypto }: Pick<Portal, 'crypto'>,
  trx: Trx,
  of: {
    readonly staffId: string;
    readonly claim: Locked;
    readonly act: string;
    readonly detail: Record<string, string>;
    readonly now: Date;
  },
): Promise<void> {
  await appendAudit(trx, {
    id: crypto.newId(of.now),
    campaignId: of.claim.campaignId,
    at: of.now,
    actor: actorOf(of.staffId),
    act: of.act,
    subjectKind: 'claim',
    subjectId: of.claim.id,
    detail: of.detail,
  });
}
