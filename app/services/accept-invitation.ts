import { appendAudit } from '#db/audit';
import type { Trx } from '#db/database';
import { deletePasskeys, insertPasskey } from '#db/passkeys';
import { lockStaff, updateStaff } from '#db/staff';
import { findOpenInvitation, type Invitation, spendInvitation } from '#db/staff-invitations';
import { endSessions } from '#db/staff-sessions';
import { inTransaction } from '#db/transaction';
import type { PasskeyPlace } from '../domain/passkey';
import { derivedTotpSecret, readTotp } from '../domain/totp';
import type { Portal } from '../portal';
import { invitationDigest } from './parts/invitation';
import { openSession, type SignInMeans } from './parts/open-session';
import { type PasskeyAnswer, verifyNewPasskey } from './parts/passkey';

/** By what the invited person will sign in: the password chosen before with an authenticator, or a passkey. */
export type AcceptedMeans =
  | { readonly kind: 'totp'; readonly number: string }
  | { readonly kind: 'passkey'; readonly answer: PasskeyAnswer; readonly label: string; readonly place: PasskeyPlace };

export type AcceptResult =
  | { readonly kind: 'accepted'; readonly token: string; readonly login: string }
  | { readonly kind: 'gone' }
  | { readonly kind: 'refused'; readonly reason: 'wrong' | 'no_password' };

/**
 * Completes an invitation, once: whatever the person could sign in with before is gone, their sessions end, and they
 * are signed in by what they have now.
 */
export async function acceptInvitation(
  portal: Pick<Portal, 'db' | 'crypto'>,
  {
    token,
    means,
    client,
    previousSessionId,
    now,
  }: { token: string; means: AcceptedMeans; client: string; previousSessionId: string | null; now: Date },
): Promise<AcceptResult> {
  const { crypto } = portal;
  return inTransaction(portal.db, async (trx): Promise<AcceptResult> => {
    const invitation = await findOpenInvitation(trx, { digest: invitationDigest(crypto, token), now, lock: true });
    const staff = invitation && (await lockStaff(trx, invitation.staff_id));
    if (!staff) return { kind: 'gone' };
    const kept =
      means.kind === 'totp'
        ? await keepTotp(trx, crypto, { invitation, means, now })
        : await keepPasskey(trx, crypto, { invitation, means, now });
    if (kept !== 'kept') return { kind: 'refused', reason: kept };
    await endSessions(trx, { staffId: staff.id }, { reason: 'ended_by_self', now });
    await spendInvitation(trx, { id: invitation.id, now });
    await appendAudit(trx, {
      id: crypto.newId(now),
      campaignId: null,
      at: now,
      actor: `staff:${staff.id}`,
      act: 'accept_invitation',
      subjectKind: 'staff',
      subjectId: staff.id,
      detail: { means: means.kind === 'totp' ? 'password' : 'passkey' },
    });
    const by: SignInMeans = means.kind === 'totp' ? 'password' : 'passkey';
    const session = await openSession(trx, crypto, { staffId: staff.id, means: by, client, previousSessionId, now });
    return { kind: 'accepted', token: session, login: staff.login };
  });
}

interface Keeping<K extends AcceptedMeans['kind']> {
  readonly invitation: Invitation;
  readonly means: Extract<AcceptedMeans, { kind: K }>;
  readonly now: Date;
}

async function keepTotp(
  trx: Trx,
  crypto: Portal['crypto'],
  { invitation, means, now }: Keeping<'totp'>,
): Promise<'kept' | 'wrong' | 'no_password'> {
  if (invitation.password_hash === null) return 'no_password';
  const secret = derivedTotpSecret(crypto.tag, invitation.id);
  const step = readTotp(secret, means.number, now);
  if (step === null) return 'wrong';
  const staffId = invitation.staff_id;
  const { sealed, keyId } = crypto.seal('staff.totp', staffId, secret);
  await deletePasskeys(trx, { staffId });
  await updateStaff(trx, staffId, { password_hash: invitation.password_hash, totp_sealed: sealed, totp_key_id: keyId, totp_step: step });
  return 'kept';
}

async function keepPasskey(trx: Trx, crypto: Portal['crypto'], { invitation, means, now }: Keeping<'passkey'>): Promise<'kept' | 'wrong'> {
  const made = await verifyNewPasskey(trx, crypto, means.answer, { place: means.place, now });
  if (!made) return 'wrong';
  const staffId = invitation.staff_id;
  await deletePasskeys(trx, { staffId });
  await updateStaff(trx, staffId, { password_hash: null, totp_sealed: null, totp_key_id: null });
  await insertPasskey(trx, { id: crypto.newId(now), staff_id: staffId, slot: 1, label: means.label, created_at: now, ...made });
  return 'kept';
}
