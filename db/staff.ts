import type { Db, Trx } from './database';
import type { Staff } from './tables/staff';

export const STAFF_COLUMNS = [
  'id',
  'login',
  'name',
  'role',
  'all_campaigns',
  'password_hash',
  'totp_sealed',
  'totp_key_id',
  'totp_step',
  'disabled_at',
  'created_at',
  'created_by',
] as const satisfies readonly (keyof Staff)[];

/** One member of staff; null when there is none. */
export async function findStaff(db: Db | Trx, which: { id: string } | { login: string }): Promise<Staff | null> {
  let query = db.selectFrom('staff').select(STAFF_COLUMNS);
  query = 'id' in which ? query.where('id', '=', which.id) : query.where('login', '=', which.login);
  return (await query.executeTakeFirst()) ?? null;
}

/**
 * Takes a TOTP step once: the half minute whose number was given. @returns false when that or a later one was taken
 * before, also at the same time by another process
 */
export async function takeTotpStep(db: Db | Trx, { staffId, step }: { staffId: string; step: bigint }): Promise<boolean> {
  const [result] = await db.updateTable('staff').set({ totp_step: step }).where('id', '=', staffId).where('totp_step', '<', step).execute();
  return (result?.numUpdatedRows ?? 0n) === 1n;
}
