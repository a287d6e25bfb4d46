import { findStaff } from '#db/staff';
import { inTransaction } from '#db/transaction';
import type { Portal } from '../portal';
import { auditFailedSignIn } from './parts/failed-sign-in';

/**
 * Puts on the record that trying to sign in was stopped for a while, once for each wait, so that whoever goes on
 * trying cannot flood the log. A login is named only when somebody has it.
 */
export async function recordStoppedSignIn(
  portal: Pick<Portal, 'db' | 'crypto'>,
  { login, now }: { login: string | null; now: Date },
): Promise<void> {
  const { crypto } = portal;
  await inTransaction(portal.db, async (trx) => {
    const known = login !== null && (await findStaff(trx, { login })) !== null;
    await auditFailedSignIn(trx, crypto, { login, known, now, act: 'sign_in_stopped' });
  });
}
