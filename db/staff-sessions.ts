import { type Insertable, sql } from 'kysely';
import type { Role } from '../app/domain/access';
import type { Db, Trx } from './database';
import type { SessionEnd, StaffSessionsTable } from './tables/staff';

/** A session with the person it belongs to, as every request asks for it: one indexed read. */
export interface SessionRow {
  readonly sessionId: string;
  readonly staffId: string;
  readonly login: string;
  readonly name: string;
  readonly role: Role;
  readonly allCampaigns: boolean;
  readonly campaigns: readonly string[];
  readonly seenAt: Date;
  readonly endsAt: Date;
}

/** The running session of a token's digest; null when it has ended or its person may not work any more. */
export async function findSession(db: Db, digest: Buffer): Promise<SessionRow | null> {
  const row = await db
    .selectFrom('staff_sessions as s')
    .innerJoin('staff as p', 'p.id', 's.staff_id')
    .where('s.digest', '=', digest)
    .where('s.ended_at', 'is', null)
    .where('p.disabled_at', 'is', null)
    .select(['s.id', 's.staff_id', 's.seen_at', 's.ends_at', 'p.login', 'p.name', 'p.role', 'p.all_campaigns'])
    .select(sql<string[]>`array(select campaign_id from staff_campaigns c where c.staff_id = p.id order by 1)`.as('campaigns'))
    .executeTakeFirst();
  return row
    ? {
        sessionId: row.id,
        staffId: row.staff_id,
        login: row.login,
        name: row.name,
        role: row.role,
        allCampaigns: row.all_campaigns,
        campaigns: row.campaigns,
        seenAt: row.seen_at,
        endsAt: row.ends_at,
      }
    : null;
}

/** Begins a session. */
export async function insertSession(trx: Trx, session: Insertable<StaffSessionsTable>): Promise<void> {
  await trx.insertInto('staff_sessions').values(session).execute();
}

/** Notes that a session was used. */
export async function markSeen(db: Db | Trx, { sessionId, now }: { sessionId: string; now: Date }): Promise<void> {
  await db.updateTable('staff_sessions').set({ seen_at: now }).where('id', '=', sessionId).where('seen_at', '<', now).execute();
}

/** Ends sessions; those that have ended already keep their reason. @returns how many */
export async function endSessions(
  trx: Db | Trx,
  which: { readonly staffId?: string; readonly sessionId?: string; readonly exceptId?: string },
  { reason, now }: { reason: SessionEnd; now: Date },
): Promise<number> {
  let update = trx.updateTable('staff_sessions').set({ ended_at: now, end_reason: reason }).where('ended_at', 'is', null);
  if (which.staffId === undefined && which.sessionId === undefined) throw new Error('whose sessions?');
  if (which.staffId !== undefined) update = update.where('staff_id', '=', which.staffId);
  if (which.sessionId !== undefined) update = update.where('id', '=', which.sessionId);
  if (which.exceptId !== undefined) update = update.where('id', '<>', which.exceptId);
  const [result] = await update.execute();
  return Number(result?.numUpdatedRows ?? 0n);
}

/**
 * Gives a running session a new token; the old one opens nothing from then on. `taken` when another request has just
 * given it one, `ended` when it runs no more.
 */
export async function renewSession(
  trx: Trx,
  { sessionId, from, to }: { sessionId: string; from: Buffer; to: Buffer },
): Promise<'renewed' | 'taken' | 'ended'> {
  const row = await trx
    .selectFrom('staff_sessions')
    .select('digest')
    .where('id', '=', sessionId)
    .where('ended_at', 'is', null)
    .forUpdate()
    .executeTakeFirst();
  if (!row) return 'ended';
  if (!row.digest.equals(from)) return 'taken';
  await trx.updateTable('staff_sessions').set({ digest: to }).where('id', '=', sessionId).execute();
  return 'renewed';
}

/** What of somebody's sessions still runs, the latest first. */
export async function listRunningSessions(
  db: Db,
  { staffId, now, seenSince }: { staffId: string; now: Date; seenSince: Date },
): Promise<{ id: string; client: string; created_at: Date; seen_at: Date }[]> {
  return db
    .selectFrom('staff_sessions')
    .select(['id', 'client', 'created_at', 'seen_at'])
    .where('staff_id', '=', staffId)
    .where('ended_at', 'is', null)
    .where('ends_at', '>', now)
    .where('seen_at', '>=', seenSince)
    .orderBy('created_at', 'desc')
    .execute();
}
