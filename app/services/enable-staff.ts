import { appendAudit } from '#db/audit';
import { lockStaff, updateStaff } from '#db/staff';
import { inTransaction } from '#db/transaction';
import type { Portal } from '../portal';
import { coversScope, type StaffActor } from './parts/staff-guard';

/** Puts an account back into use, with what the person signed in with before. */
export async function enableStaff(
  portal: Pick<Portal, 'db' | 'crypto'>,
  { staffId, by, now }: { staffId: string; by: StaffActor; now: Date },
): Promise<{ kind: 'enabled' | 'unchanged' } | { kind: 'refused'; reason: 'unknown' | 'own_account' }> {
  if (by.staffId === staffId) return { kind: 'refused', reason: 'own_account' };
  return inTransaction(portal.db, async (trx) => {
    const staff = await lockStaff(trx, staffId);
    if (!staff || !coversScope(by.scope, staff.all_campaigns ? 'all' : staff.campaigns))
      return { kind: 'refused' as const, reason: 'unknown' as const };
    if (staff.disabled_at === null) return { kind: 'unchanged' as const };
    await updateStaff(trx, staffId, { disabled_at: null });
    await appendAudit(trx, {
      id: portal.crypto.newId(now),
      campaignId: null,
      at: now,
      actor: by.actor,
      act: 'enable_staff',
      subjectKind: 'staff',
      subjectId: staffId,
    });
    return { kind: 'enabled' as const };
  });
}
