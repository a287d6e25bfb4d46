import { lockStaff } from '#db/staff';
import { findOpenInvitation, keepInvitedPassword } from '#db/staff-invitations';
import { inTransaction } from '#db/transaction';
import { judgePassword, type PasswordProblem } from '../domain/password';
import type { Portal } from '../portal';
import { invitationDigest } from './parts/invitation';
import { hashPassword } from './parts/password-hash';

/** Keeps the password that an invited person chose; it is good for nothing until their authenticator is confirmed. */
export async function chooseInvitedPassword(
  portal: Pick<Portal, 'db' | 'crypto'>,
  { token, password, now }: { token: string; password: string; now: Date },
): Promise<{ kind: 'kept' } | { kind: 'gone' } | { kind: 'refused'; reason: PasswordProblem }> {
  const digest = invitationDigest(portal.crypto, token);
  // Hashed before the lock: it takes a while.
  const passwordHash = await hashPassword(password);
  return inTransaction(portal.db, async (trx) => {
    const invitation = await findOpenInvitation(trx, { digest, now, lock: true });
    const staff = invitation && (await lockStaff(trx, invitation.staff_id));
    if (!staff) return { kind: 'gone' as const };
    const problem = judgePassword(password, staff);
    if (problem) return { kind: 'refused' as const, reason: problem };
    await keepInvitedPassword(trx, { id: invitation.id, passwordHash });
    return { kind: 'kept' as const };
  });
}
