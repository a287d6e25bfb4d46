import { type Insertable, type Selectable, sql } from 'kysely';
import type { Db, Trx } from './database';
import type { StaffInvitationsTable } from './tables/staff';

export type Invitation = Selectable<StaffInvitationsTable>;

/** Keeps a new invitation. */
export async function insertInvitation(trx: Trx, invitation: Insertable<StaffInvitationsTable>): Promise<void> {
  await trx.insertInto('staff_invitations').values(invitation).execute();
}

/**
 * The invitation of a token's digest that can still be used: not expired, neither used nor made void by a newer one,
 * and its person not disabled. Within a transaction it is locked.
 */
export async function findOpenInvitation(
  db: Db | Trx,
  { digest, now, lock = false }: { digest: Buffer; now: Date; lock?: boolean },
): Promise<Invitation | null> {
  const row = await db
    .selectFrom('staff_invitations as i')
    .selectAll()
    .where('digest', '=', digest)
    .where('used_at', 'is', null)
    .where('expires_at', '>', now)
    .where(sql<boolean>`not exists (select 1 from staff p where p.id = i.staff_id and p.disabled_at is not null)`)
    .$if(lock, (query) => query.forUpdate())
    .executeTakeFirst();
  return row ?? null;
}

/** Keeps the password that was chosen until the invitation is completed. */
export async function keepInvitedPassword(trx: Trx, { id, passwordHash }: { id: string; passwordHash: string }): Promise<void> {
  await trx.updateTable('staff_invitations').set({ password_hash: passwordHash }).where('id', '=', id).execute();
}

/** The invitation is used up, and keeps no password. */
export async function spendInvitation(trx: Trx, { id, now }: { id: string; now: Date }): Promise<void> {
  await trx.updateTable('staff_invitations').set({ used_at: now, password_hash: null }).where('id', '=', id).execute();
}

/** Makes what is still open of somebody's invitations void. */
export async function voidInvitations(trx: Trx, { staffId, now }: { staffId: string; now: Date }): Promise<void> {
  await trx
    .updateTable('staff_invitations')
    .set({ used_at: now, password_hash: null })
    .where('staff_id', '=', staffId)
    .where('used_at', 'is', null)
    .execute();
}
