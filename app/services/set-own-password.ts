import { lockStaff, updateStaff } from '#db/staff';
import { endSessions } from '#db/staff-sessions';
import { inTransaction } from '#db/transaction';
import { judgePassword, type PasswordProblem } from '../domain/password';
import type { Portal } from '../portal';
import { auditOwn } from './parts/audit-own';
import { hashPassword } from './parts/password-hash';

/** Gives somebody the password they chose. Everywhere else they are signed out. */
export async function setOwnPassword(
  portal: Pick<Portal, 'db' | 'crypto'>,
  { staffId, sessionId, password, now }: { staffId: string; sessionId: string; password: string; now: Date },
): Promise<{ kind: 'set' } | { kind: 'refused'; reason: PasswordProblem }> {
  const hash = await hashPassword(password);
  return inTransaction(portal.db, async (trx) => {
    const staff = await lockStaff(trx, staffId);
    if (!staff) throw new Error('whoever is signed in has an account');
    const problem = judgePassword(password, staff);
    if (problem) return { kind: 'refused' as const, reason: problem };
    await updateStaff(trx, staffId, { password_hash: hash });
    const ended = await endSessions(trx, { staffId, exceptId: sessionId }, { reason: 'ended_by_self', now });
    await auditOwn(trx, portal.crypto, { staffId, act: 'set_password', detail: { ended }, now });
    return { kind: 'set' as const };
  });
}
