import { appendAudit } from '#db/audit';
import { lockStaff } from '#db/staff';
import { endSessions } from '#db/staff-sessions';
import { inTransaction } from '#db/transaction';
import type { Portal } from '../portal';
import { coversScope, type StaffActor } from './parts/staff-guard';

/** Ends everything somebody is signed in to, on every process at once. */
export async function endStaffSessions(
  portal: Pick<Portal, 'db' | 'crypto'>,
  { staffId, by, now }: { staffId: string; by: StaffActor; now: Date },
): Promise<{ kind: 'ended'; sessions: number } | { kind: 'refused'; reason: 'unknown' }> {
  return inTransaction(portal.db, async (trx) => {
    const staff = await lockStaff(trx, staffId);
    if (!staff || !coversScope(by.scope, staff.all_campaigns ? 'all' : staff.campaigns))
      return { kind: 'refused' as const, reason: 'unknown' as const };
    const sessions = await endSessions(trx, { staffId }, { reason: 'ended_by_staff', now });
    await appendAudit(trx, {
      id: portal.crypto.newId(now),
      campaignId: null,
      at: now,
      actor: by.actor,
      act: 'end_sessions',
      subjectKind: 'staff',
      subjectId: staffId,
      detail: { sessions },
    });
    return { kind: 'ended' as const, sessions };
  });
}
