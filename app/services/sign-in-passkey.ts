import { findStaff } from '#db/staff';
import { inTransaction } from '#db/transaction';
import type { PasskeyPlace } from '../domain/passkey';
import type { Portal } from '../portal';
import { auditFailedSignIn } from './parts/failed-sign-in';
import { openSession } from './parts/open-session';
import { type PasskeyAnswer, verifyPasskey } from './parts/passkey';

export interface PasskeySignIn {
  readonly answer: PasskeyAnswer;
  readonly place: PasskeyPlace;
  /** The browser in words. */
  readonly client: string;
  /** The session this browser has; it ends. */
  readonly previousSessionId: string | null;
  readonly now: Date;
}

/** Signs somebody in by a passkey, which says by itself whose it is. */
export async function signInPasskey(
  portal: Pick<Portal, 'db' | 'crypto'>,
  { answer, place, client, previousSessionId, now }: PasskeySignIn,
): Promise<{ kind: 'signed_in'; token: string; login: string } | { kind: 'refused' }> {
  const { db, crypto } = portal;
  return inTransaction(db, async (trx) => {
    const owner = await verifyPasskey(trx, crypto, answer, { place, now });
    const staff = owner && (await findStaff(trx, { id: owner.staffId }));
    if (!staff || staff.disabled_at !== null) {
      await auditFailedSignIn(trx, crypto, {
        login: staff?.login ?? null,
        known: staff !== null,
        now,
        act: 'sign_in_failed',
        means: 'passkey',
      });
      return { kind: 'refused' as const };
    }
    const token = await openSession(trx, crypto, { staffId: staff.id, means: 'passkey', client, previousSessionId, now });
    return { kind: 'signed_in' as const, token, login: staff.login };
  });
}
