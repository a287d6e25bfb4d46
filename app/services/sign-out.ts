import { appendAudit } from '#db/audit';
import { endSessions } from '#db/staff-sessions';
import { inTransaction } from '#db/transaction';
import type { Portal } from '../portal';

/** Ends the session of whoever presses the button. */
export async function signOut(
  portal: Pick<Portal, 'db' | 'crypto'>,
  { staffId, sessionId, now }: { staffId: string; sessionId: string; now: Date },
): Promise<void> {
  await inTransaction(portal.db, async (trx) => {
    if ((await endSessions(trx, { staffId, sessionId }, { reason: 'signed_out', now })) === 0) return;
    await appendAudit(trx, {
      id: portal.crypto.newId(now),
      campaignId: null,
      at: now,
      actor: `staff:${staffId}`,
      act: 'sign_out',
      subjectKind: 'session',
      subjectId: sessionId,
    });
  });
}
