import { markSeen } from '#db/staff-sessions';
import type { Portal } from '../portal';

/** How stale the last-seen time of a session may be before it is written again. */
const FRESH_MS = 60_000;

/** Keeps a session from going idle; written at most once a minute. */
export async function touchSession(portal: Pick<Portal, 'db'>, session: { id: string; seenAt: Date }, now: Date): Promise<void> {
  if (now.getTime() - session.seenAt.getTime() >= FRESH_MS) await markSeen(portal.db, { sessionId: session.id, now });
}
