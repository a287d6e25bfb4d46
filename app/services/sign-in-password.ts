import { findStaff, takeTotpStep } from '#db/staff';
import type { Staff } from '#db/tables/staff';
import { inTransaction } from '#db/transaction';
import { readTotp } from '../domain/totp';
import type { Portal } from '../portal';
import { auditFailedSignIn } from './parts/failed-sign-in';
import { openSession } from './parts/open-session';
import { isPassword } from './parts/password-hash';

export interface PasswordSignIn {
  /** As it was typed; null when nobody could be called that. */
  readonly login: string | null;
  readonly password: string;
  readonly totp: string;
  /** The browser in words. */
  readonly client: string;
  /** The session this browser has; it ends. */
  readonly previousSessionId: string | null;
  readonly now: Date;
}

export type SignInResult = { readonly kind: 'signed_in'; readonly token: string; readonly login: string } | { readonly kind: 'refused' };

/**
 * Signs somebody in by password and the authenticator's number. Whatever is wrong, the answer is the same and takes
 * the same work; what was wrong is not even kept.
 */
export async function signInPassword(portal: Pick<Portal, 'db' | 'crypto'>, tried: PasswordSignIn): Promise<SignInResult> {
  const { db, crypto } = portal;
  const { login, now, client, previousSessionId } = tried;
  const staff = login === null ? null : await findStaff(db, { login });
  const rightPassword = await isPassword(staff?.password_hash ?? null, tried.password);
  const step = readTotp(totpSecret(crypto, staff), tried.totp, now);
  const right = rightPassword && step !== null && staff !== null && staff.totp_sealed !== null && staff.disabled_at === null;
  return inTransaction(db, async (trx): Promise<SignInResult> => {
    // The number is used up in the same transaction, so that of two who bring it one comes in.
    if (!right || !(await takeTotpStep(trx, { staffId: staff.id, step }))) {
      await auditFailedSignIn(trx, crypto, { login: tried.login, known: staff !== null, now, act: 'sign_in_failed', means: 'password' });
      return { kind: 'refused' };
    }
    const token = await openSession(trx, crypto, { staffId: staff.id, means: 'password', client, previousSessionId, now });
    return { kind: 'signed_in', token, login: staff.login };
  });
}

/** Stands in for whoever has no authenticator, so that the number is always computed. */
const NO_SECRET = 'A'.repeat(32);

function totpSecret(crypto: Portal['crypto'], staff: Staff | null): string {
  if (!staff?.totp_sealed || !staff.totp_key_id) return NO_SECRET;
  return crypto.open('staff.totp', staff.id, staff.totp_sealed, staff.totp_key_id);
}
