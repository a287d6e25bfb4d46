import { listRunningSessions } from '#db/staff-sessions';
import type { Portal } from '../portal';
import { findStaffKeys, type StaffKeys } from './staff-keys';
import { SESSION_IDLE_MS } from './staff-session';

/** A browser somebody is signed in with. */
export interface RunningSession {
  readonly id: string;
  readonly client: string;
  readonly since: Date;
  readonly seenAt: Date;
  /** The one that asks. */
  readonly own: boolean;
}

/** What somebody signs in with, and where they are signed in now. */
export async function findStaffAccount(
  portal: Pick<Portal, 'db'>,
  { staffId, sessionId, now }: { staffId: string; sessionId: string; now: Date },
): Promise<{ keys: StaffKeys; sessions: RunningSession[] }> {
  const seenSince = new Date(now.getTime() - SESSION_IDLE_MS);
  const rows = await listRunningSessions(portal.db, { staffId, now, seenSince });
  const sessions = rows.map(({ id, client, created_at, seen_at }) => ({
    id,
    client,
    since: created_at,
    seenAt: seen_at,
    own: id === sessionId,
  }));
  return { keys: await findStaffKeys(portal, staffId), sessions };
}
