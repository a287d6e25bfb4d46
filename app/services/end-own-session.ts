import { endSessions } from '#db/staff-sessions';
import { inTransaction } from '#db/transaction';
import type { Portal } from '../portal';
import { auditOwn } from './parts/audit-own';

/** Ends one of somebody's own sessions, on whatever device, at once. */
export async function endOwnSession(
  portal: Pick<Portal, 'db' | 'crypto'>,
  { staffId, sessionId, now }: { staffId: string; sessionId: string; now: Date },
): Promise<void> {
  await inTransaction(portal.db, async (trx) => {
    if ((await endSessions(trx, { staffId, sessionId }, { reason: 'ended_by_self', now })) === 0) return;
    await auditOwn(trx, portal.crypto, { staffId, act: 'end_own_session', detail: { session: sessionId }, now });
  });
}
