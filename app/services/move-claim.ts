import { findClaimSheet } from '#db/claims';
import { inTransaction } from '#db/transaction';
import { CLAIM_ASKS, CLAIM_REFUSALS, type ClaimState, mayClaimGo } from '../domain/claim';
import type { Portal } from '../portal';
import { tellApplicant } from './parts/claim-mail';
import { auditStep, type ClaimStep, lockForStep } from './parts/claim-step';

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

/**
 * Leads a claim on by one arrow, on the record, and writes to its proven address what is asked for or why it was refused.
 * Not while a proposal to approve it waits.
 */
export async function moveClaim(
  portal: Pick<Portal, 'db' | 'clock' | 'crypto' | 'enqueue'>,
  request: ClaimStep & { readonly move: ClaimMove; readonly reason: string },
): Promise<ClaimMoved> {
  const { staff, claimId, move, reason } = request;
  const { reasons } = CLAIM_MOVES[move];
  if (reasons && !(reasons as readonly string[]).includes(reason)) return { kind: 'refused', reason: 'reason_missing' };
  return inTransaction(portal.db, async (trx): Promise<ClaimMoved> => {
    const claim = await lockForStep(trx, { staff, claimId });
    if (typeof claim === 'string') return { kind: 'refused', reason: claim };
    // Without an address that was proven, looking again means waiting for the proof again.
    const to = move === 'reopen' && !claim.proven ? 'received' : CLAIM_MOVES[move].to;
    if (!mayClaimGo(claim.state, to)) return { kind: 'refused', reason: 'wrong_state' };
    const now = portal.clock.now();
    await trx
      .updateTable('claims')
      .set({ state: to, state_at: now, reason: reasons ? reason : null })
      .where('id', '=', claimId)
      .execute();
    if (to === 'more_needed' || to === 'refused') {
      const sheet = await findClaimSheet(trx, claimId);
      if (sheet) await tellApplicant(portal, trx, { claim: sheet, state: to, now });
    }
    const detail = { from: claim.state, to, ...(reasons ? { reason } : {}) };
    await auditStep(portal, trx, { staffId: staff.id, claim, act: `claim.${move}`, detail, now });
    return { kind: 'moved', state: to };
  });
}
