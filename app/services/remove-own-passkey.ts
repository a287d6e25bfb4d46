import { deletePasskeys, listPasskeys } from '#db/passkeys';
import { lockStaff } from '#db/staff';
import { endSessions } from '#db/staff-sessions';
import { inTransaction } from '#db/transaction';
import type { Portal } from '../portal';
import { auditOwn } from './parts/audit-own';

/** Takes a passkey away, unless it is the last thing its owner can sign in with. Everywhere else they are signed out. */
export async function removeOwnPasskey(
  portal: Pick<Portal, 'db' | 'crypto'>,
  { staffId, sessionId, slot, now }: { staffId: string; sessionId: string; slot: number; now: Date },
): Promise<{ kind: 'removed' } | { kind: 'refused'; reason: 'unknown' | 'last' }> {
  return inTransaction(portal.db, async (trx) => {
    const staff = await lockStaff(trx, staffId);
    const passkeys = await listPasskeys(trx, staffId);
    if (!passkeys.some((passkey) => passkey.slot === slot)) return { kind: 'refused' as const, reason: 'unknown' as const };
    const other = passkeys.length > 1 || (staff?.password_hash != null && staff.totp_sealed !== null);
    if (!other) return { kind: 'refused' as const, reason: 'last' as const };
    await deletePasskeys(trx, { staffId, slot });
    const ended = await endSessions(trx, { staffId, exceptId: sessionId }, { reason: 'ended_by_self', now });
    await auditOwn(trx, portal.crypto, { staffId, act: 'remove_passkey', detail: { slot, ended }, now });
    return { kind: 'removed' as const };
  });
}
