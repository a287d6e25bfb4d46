import { findSession } from '#db/staff-sessions';
import type { CampaignScope, Role } from '../domain/access';
import type { Portal } from '../portal';

/** Who is at the keyboard. */
export interface StaffMember {
  readonly id: string;
  readonly login: string;
  readonly name: string;
  readonly role: Role;
  readonly scope: CampaignScope;
}

export interface StaffSessionView {
  readonly id: string;
  readonly staff: StaffMember;
  readonly seenAt: Date;
  readonly endsAt: Date;
}

/** A session ends by itself after so long without a request. */
export const SESSION_IDLE_MS = 15 * 60_000;

/** The session of a token, asked of the database for every request: what was ended anywhere has ended here. */
export async function findStaffSession(
  portal: Pick<Portal, 'db' | 'crypto'>,
  { token, now }: { token: string; now: Date },
): Promise<StaffSessionView | null> {
  const row = await findSession(portal.db, portal.crypto.tokenDigest('staff-session', token));
  if (!row || now >= row.endsAt || now.getTime() - row.seenAt.getTime() > SESSION_IDLE_MS) return null;
  return {
    id: row.sessionId,
    staff: { id: row.staffId, login: row.login, name: row.name, role: row.role, scope: row.allCampaigns ? 'all' : row.campaigns },
    seenAt: row.seenAt,
    endsAt: row.endsAt,
  };
}
