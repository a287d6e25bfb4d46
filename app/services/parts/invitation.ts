import type { Trx } from '#db/database';
import { insertInvitation, voidInvitations } from '#db/staff-invitations';
import type { Portal } from '../../portal';

/** An invitation is good for a day. */
const INVITATION_HOURS = 24;

/** A new one-time way in for somebody; earlier ones are void from now on. Only the digest is kept. @returns the token of its link */
export async function openInvitation(
  trx: Trx,
  crypto: Portal['crypto'],
  { staffId, actor, now }: { staffId: string; actor: string; now: Date },
): Promise<{ token: string; expiresAt: Date }> {
  await voidInvitations(trx, { staffId, now });
  const token = crypto.newKey();
  const expiresAt = new Date(now.getTime() + INVITATION_HOURS * 3_600_000);
  await insertInvitation(trx, {
    id: crypto.newId(now),
    staff_id: staffId,
    digest: invitationDigest(crypto, token),
    created_at: now,
    created_by: actor,
    expires_at: expiresAt,
  });
  return { token, expiresAt };
}

/** What the database keeps of an invitation. */
export function invitationDigest(crypto: Pick<Portal['crypto'], 'tokenDigest'>, token: string): Buffer {
  return crypto.tokenDigest('staff-invitation', token);
}
