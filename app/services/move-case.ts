import { CASE_ASKS, CASE_REFUSALS } from '../domain/case';
import type { Portal } from '../portal';
import { type CaseStepped, type CaseWork, refuseStep, stepCase } from './parts/case-step';

/** Where a person may take a case; approving is an act of two people. */
export const CASE_MOVES = ['checking', 'asking_shop', 'more_needed', 'refused', 'done'] as const;
export type CaseMove = (typeof CASE_MOVES)[number];

/**
 * Takes a case to its next state, with a reason where one is due: what the caller is asked for, or why it is refused.
 * Whoever takes up what nobody owns, owns it.
 */
export async function moveCase(
  portal: Pick<Portal, 'db' | 'clock' | 'crypto'>,
  { to, reason, body, ...work }: CaseWork & { to: CaseMove; reason: string; body: string },
): Promise<CaseStepped> {
  const listed: readonly string[] | null = to === 'more_needed' ? CASE_ASKS : to === 'refused' ? CASE_REFUSALS : null;
  if (listed && !listed.includes(reason)) return refuseStep('reason_missing', 'reason');
  return stepCase(portal, work, (_trx, row) => {
    return {
      act: 'case.moved',
      to,
      ...(row.owner_id === null && to !== 'done' && { set: { owner_id: work.staff.id } }),
      note: 'moved',
      ...(listed && { reason }),
      body,
    };
  });
}
