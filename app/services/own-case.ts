import type { Portal } from '../portal';
import { type CaseStepped, type CaseWork, refuseStep, stepCase } from './parts/case-step';

/** Takes a case over, or begins to work on one that was only taken down. */
export async function ownCase(portal: Pick<Portal, 'db' | 'clock' | 'crypto'>, work: CaseWork): Promise<CaseStepped> {
  return stepCase(portal, work, (_trx, row) => {
    const mine = row.owner_id === work.staff.id;
    if (row.state === 'done' || (mine && row.state !== 'received')) return refuseStep('not_now');
    return {
      act: 'case.taken',
      ...(row.state === 'received' && { to: 'checking' as const }),
      set: { owner_id: work.staff.id },
      note: 'moved',
    };
  });
}
