import { appendAudit } from '#db/audit';
import { lockStaff } from '#db/staff';
import { inTransaction } from '#db/transaction';
import type { Portal } from '../portal';
import { openInvitation } from './parts/invitation';
import { coversScope, type StaffActor } from './parts/staff-guard';

export type InviteAgainResult =
  | { readonly kind: 'invited'; readonly login: string; readonly token: string; readonly expiresAt: Date }
  | { readonly kind: 'refused'; readonly reason: 'unknown' | 'disabled' };

/**
 * A new one-time link for somebody who lost what they sign in with, or let the first one expire. Until it is used,
 * everything they have still works.
 */
export async function inviteStaffAgain(
  portal: Pick<Portal, 'db' | 'crypto'>,
  { staffId, by, now }: { staffId: string; by: StaffActor; now: Date },
): Promise<InviteAgainResult> {
  const { crypto } = portal;
  return inTransaction(portal.db, async (trx): Promise<InviteAgainResult> => {
    const staff = await lockStaff(trx, staffId);
    if (!staff || !coversScope(by.scope, staff.all_campaigns ? 'all' : staff.campaigns)) return { kind: 'refused', reason: 'unknown' };
    if (staff.disabled_at !== null) return { kind: 'refused', reason: 'disabled' };
    const { token, expiresAt } = await openInvitation(trx, crypto, { staffId, actor: by.actor, now });
    await appendAudit(trx, {
      id: crypto.newId(now),
      campaignId: null,
      at: now,
      actor: by.actor,
      act: 'invite_staff_again',
      subjectKind: 'staff',
      subjectId: staffId,
    });
    return { kind: 'invited', login: staff.login, token, expiresAt };
  });
}
