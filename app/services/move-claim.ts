import { appendAudit } from '#db/audit';
import { lockClaim } from '#db/claims';
import { inTransaction } from '#db/transaction';
import { type CampaignScope, isInScope } from '../domain/access';
import { CLAIM_ASKS, CLAIM_REFUSALS, type ClaimState, mayClaimGo } from '../domain/claim';
import type { Portal } from '../portal';
import { actorOf } from './parts/acts/act';

/** What a reviewer does by themselves: ask for more, say no with its reason, look again. None of it moves yen. */
export const CLAIM_MOVES = {
  ask: { to: 'more_needed', reasons: CLAIM_ASKS },
  refuse: { to: 'refused', reasons: CLAIM_REFUSALS },
  reopen: { to: 'checking', reasons: null },
} as const satisfies Record<string, { readonly to: ClaimState; readonly reasons: readonly string[] | null }>;
export type ClaimMove = keyof typeof CLAIM_MOVES;

export type ClaimMoved =
  | { readonly kind: 'moved'; readonly state: ClaimState }
  | { readonly kind: 'refused'; readonly reason: 'not_found' | 'reason_missing' | 'wrong_state' | 'proposed' };

/** Leads a claim on by one arrow, on the record. Not while a proposal to approve it waits. */
export async function moveClaim(
  portal: Pick<Portal, 'db' | 'clock' | 'crypto'>,
  request: {
    readonly staff: { readonly id: string; readonly scope: CampaignScope };
    readonly claimId: string;
    readonly move: ClaimMove;
    readonly reason: string;
  },
): Promise<ClaimMoved> {
  const { staff, claimId, move, reason } = request;
  const { to, reasons } = CLAIM_MOVES[move];
  if (reasons && !(reasons as readonly string[]).includes(reason)) return { kind: 'refused', reason: 'reason_missing' };
  return inTransaction(portal.db, async (trx): Promise<ClaimMoved> => {
    const claim = await lockClaim(trx, claimId);
    if (!claim || !isInScope(staff.scope, claim.campaignId)) return { kind: 'refused', reason: 'not_found' };
    if (!mayClaimGo(claim.state, to)) return { kind: 'refused', reason: 'wrong_state' };
    const waiting = await trx
      .selectFrom('approval_claims as i')
      .innerJoin('approvals as a', 'a.id', 'i.approval_id')
      .select('i.claim_id')
      .where('i.claim_id', '=', claimId)
      .where('i.state', '=', 'waiting')
      .where('a.state', 'in', ['proposed', 'approved'])
      .executeTakeFirst();
    if (waiting) return { kind: 'refused', reason: 'proposed' };
    const now = portal.clock.now();
    await trx
      .updateTable('claims')
      .set({ state: to, state_at: now, reason: reasons ? reason : null })
      .where('id', '=', claimId)
      .execute();
    await appendAudit(trx, {
      id: portal.crypto.newId(now),
      campaignId: claim.campaignId,
      at: now,
      actor: actorOf(staff.id),
      act: `claim.${move}`,
      subjectKind: 'claim',
      subjectId: claimId,
      detail: { from: claim.state, to, ...(reasons ? { reason } : {}) },
    });
    return { kind: 'moved', state: to };
  });
}
