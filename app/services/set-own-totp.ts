import { updateStaff } from '#db/staff';
import { endSessions } from '#db/staff-sessions';
import { inTransaction } from '#db/transaction';
import { readTotp } from '../domain/totp';
import type { Portal } from '../portal';
import { auditOwn } from './parts/audit-own';

/** Puts a new authenticator in the place of the old one, once its number shows that the app has it. Everywhere else they are signed out. */
export async function setOwnTotp(
  portal: Pick<Portal, 'db' | 'crypto'>,
  { staffId, sessionId, secret, number, now }: { staffId: string; sessionId: string; secret: string; number: string; now: Date },
): Promise<{ kind: 'set' } | { kind: 'refused' }> {
  const step = readTotp(secret, number, now);
  if (step === null) return { kind: 'refused' };
  const { sealed, keyId } = portal.crypto.seal('staff.totp', staffId, secret);
  return inTransaction(portal.db, async (trx) => {
    await updateStaff(trx, staffId, { totp_sealed: sealed, totp_key_id: keyId, totp_step: step });
    const ended = await endSessions(trx, { staffId, exceptId: sessionId }, { reason: 'ended_by_self', now });
    await auditOwn(trx, portal.crypto, { staffId, act: 'set_totp', detail: { ended }, now });
    return { kind: 'set' as const };
  });
}
