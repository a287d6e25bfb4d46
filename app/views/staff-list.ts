import { sql } from 'kysely';
import type { CampaignScope, Role } from '../domain/access';
import type { Portal } from '../portal';
import { SESSION_IDLE_MS } from './staff-session';

/** Somebody who works in the console, as administrators and auditors see them. */
export interface StaffLine {
  readonly id: string;
  readonly login: string;
  readonly name: string;
  readonly role: Role;
  readonly scope: CampaignScope;
  /** Invited: has nothing to sign in with yet. */
  readonly state: 'active' | 'invited' | 'disabled';
  readonly hasPassword: boolean;
  readonly passkeys: number;
  readonly createdAt: Date;
  readonly lastSignInAt: Date | null;
  readonly runningSessions: number;
  /** Until when an invitation that nobody has used can be used. */
  readonly invitedUntil: Date | null;
}

/** Everybody whose campaigns are within a scope, by login; one of them by id. */
export async function listStaff(
  portal: Pick<Portal, 'db'>,
  { scope, now, id = null }: { scope: CampaignScope; now: Date; id?: string | null },
): Promise<StaffLine[]> {
  const idleSince = new Date(now.getTime() - SESSION_IDLE_MS);
  const rows = await portal.db
    .selectFrom('staff as p')
    .select(['id', 'login', 'name', 'role', 'all_campaigns', 'disabled_at', 'created_at'])
    .select([
      sql<string[]>`array(select campaign_id from staff_campaigns c where c.staff_id = p.id order by 1)`.as('campaigns'),
      sql<boolean>`password_hash is not null and totp_sealed is not null`.as('has_password'),
      sql<number>`(select count(*)::int from passkeys k where k.staff_id = p.id)`.as('passkeys'),
      sql<Date | null>`(select max(created_at) from staff_sessions s where s.staff_id = p.id)`.as('last_sign_in_at'),
      sql<number>`(select count(*)::int from staff_sessions s where s.staff_id = p.id and s.ended_at is null and s.ends_at > ${now}
        and s.seen_at >= ${idleSince})`.as('running'),
      sql<Date | null>`(select max(expires_at) from staff_invitations i where i.staff_id = p.id and i.used_at is null
        and i.expires_at > ${now})`.as('invited_until'),
    ])
    .$if(id !== null, (query) => query.where('id', '=', id ?? ''))
    .$if(scope !== 'all', (query) =>
      query
        .where('all_campaigns', '=', false)
        .where(
          sql<boolean>`not exists (select 1 from staff_campaigns c where c.staff_id = p.id and c.campaign_id <> all(${[...scope]}::text[]))`,
        ),
    )
    .orderBy(sql`disabled_at is not null`)
    .orderBy('login')
    .execute();
  return rows.map((row) => ({
    id: row.id,
    login: row.login,
    name: row.name,
    role: row.role,
    scope: row.all_campaigns ? 'all' : row.campaigns,
    state: row.disabled_at !== null ? 'disabled' : row.has_password || row.passkeys > 0 ? 'active' : 'invited',
    hasPassword: row.has_password,
    passkeys: row.passkeys,
    createdAt: row.created_at,
    lastSignInAt: row.last_sign_in_at,
    runningSessions: row.running,
    invitedUntil: row.invited_until,
  }));
}
