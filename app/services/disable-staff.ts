import { appendAudit } from '#db/audit';
import { lockStaff, updateStaff } from '#db/staff';
import { voidInvitations } from '#db/staff-invitations';
import { endSessions } from '#db/staff-sessions';
import { inTransaction } from '#db/transaction';
import type { Portal } from '../portal';
import { coversScope, isLastAdministrator, type StaffActor } from './parts/staff-guard';

export type DisableStaffResult =
  | { readonly kind: 'disabled' | 'unchanged' }
  | { readonly kind: 'refused'; readonly reason: 'unknown' | 'own_account' | 'last_administrator' };

/** Takes somebody's account out of use: their sessions end at once and open invitations are void. Nothing of it is deleted. */
export async function disableStaff(
  portal: Pick<Portal, 'db' | 'crypto'>,
  { staffId, by, now }: { staffId: string; by: StaffActor; now: Date },
): Promise<DisableStaffResult> {
  if (by.staffId === staffId) return { kind: 'refused', reason: 'own_account' };
  return inTransaction(portal.db, async (trx): Promise<DisableStaffResult> => {
    const last = await isLastAdministrator(trx, staffId);
    const staff = await lockStaff(trx, staffId);
    if (!staff || !coversScope(by.scope, staff.all_campaigns ? 'all' : staff.campaigns)) return { kind: 'refused', reason: 'unknown' };
    if (last) return { kind: 'refused', reason: 'last_administrator' };
    if (staff.disabled_at !== null) return { kind: 'unchanged' };
    await updateStaff(trx, staffId, { disabled_at: now });
    await voidInvitations(trx, { staffId, now });
    const sessions = await endSessions(trx, { staffId }, { reason: 'disabled', now });
    await appendAudit(trx, {
      id: portal.crypto.newId(now),
      campaignId: null,
      at: now,
      actor: by.actor,
      act: 'disable_staff',
      subjectKind: 'staff',
      subjectId: staffId,
      detail: { sessions },
    });
    return { kind: 'disabled' };
  });
}
