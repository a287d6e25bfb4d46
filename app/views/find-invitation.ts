import { findStaff } from '#db/staff';
import { findOpenInvitation } from '#db/staff-invitations';
import type { Role } from '../domain/access';
import { derivedTotpSecret, totpUri } from '../domain/totp';
import type { Portal } from '../portal';

/** An invitation that can still be used. */
export interface InvitationView {
  readonly id: string;
  readonly staffId: string;
  readonly login: string;
  readonly name: string;
  readonly role: Role;
  readonly expiresAt: Date;
  /** A password was chosen; the authenticator is still to come. */
  readonly hasPassword: boolean;
  readonly totp: { readonly secret: string; readonly uri: string };
}

/** The invitation of a token; null when it is unknown, used, expired, or followed by a newer one: all the same. */
export async function findInvitation(
  portal: Pick<Portal, 'db' | 'crypto'>,
  { token, now }: { token: string; now: Date },
): Promise<InvitationView | null> {
  const { db, crypto } = portal;
  const invitation = await findOpenInvitation(db, { digest: crypto.tokenDigest('staff-invitation', token), now });
  const staff = invitation && (await findStaff(db, { id: invitation.staff_id }));
  if (!staff) return null;
  const secret = derivedTotpSecret(crypto.tag, invitation.id);
  return {
    id: invitation.id,
    staffId: staff.id,
    login: staff.login,
    name: staff.name,
    role: staff.role,
    expiresAt: invitation.expires_at,
    hasPassword: invitation.password_hash !== null,
    totp: { secret, uri: totpUri(secret, staff.login) },
  };
}
