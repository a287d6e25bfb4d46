import { sql } from 'kysely';
import type { Db, Trx } from './database';
import type { Staff } from './tables/staff';

const STAFF_COLUMNS = [
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

/** Makes an account; it cannot sign in before its invitation is used. */
export async function insertStaff(
  trx: Trx,
  staff: {
    id: string;
    login: string;
    name: string;
    role: Staff['role'];
    all_campaigns: boolean;
    created_at: Date;
    created_by: string | null;
  },
): Promise<void> {
  await trx.insertInto('staff').values(staff).execute();
}

/** Binds somebody to exactly these campaigns; whether they see all of them stands on the account. */
export async function replaceStaffCampaigns(
  trx: Trx,
  { staffId, campaigns }: { staffId: string; campaigns: readonly string[] },
): Promise<void> {
  await trx.deleteFrom('staff_campaigns').where('staff_id', '=', staffId).execute();
  if (campaigns.length === 0) return;
  await trx
    .insertInto('staff_campaigns')
    .values([...new Set(campaigns)].map((campaign_id) => ({ staff_id: staffId, campaign_id })))
    .execute();
}

/** Somebody's account with the campaigns it is bound to, locked until the transaction ends. */
export async function lockStaff(trx: Trx, id: string): Promise<(Staff & { readonly campaigns: readonly string[] }) | null> {
  const staff = await trx.selectFrom('staff').select(STAFF_COLUMNS).where('id', '=', id).forUpdate().executeTakeFirst();
  if (!staff) return null;
  const rows = await trx.selectFrom('staff_campaigns').select('campaign_id').where('staff_id', '=', id).orderBy('campaign_id').execute();
  return { ...staff, campaigns: rows.map((row) => row.campaign_id) };
}

/**
 * The administrators who can work: not disabled, with something to sign in with. All administrators are locked, in one
 * order, so that two of them cannot take each other's place away at the same time.
 */
export async function lockActiveAdministrators(trx: Trx): Promise<string[]> {
  const rows = await trx
    .selectFrom('staff')
    .select(['id', 'disabled_at'])
    .select(
      sql<boolean>`(password_hash is not null and totp_sealed is not null) or exists (select 1 from passkeys k where k.staff_id = staff.id)`.as(
        'able',
      ),
    )
    .where('role', '=', 'administrator')
    .orderBy('id')
    .forUpdate()
    .execute();
  return rows.filter((row) => row.able && row.disabled_at === null).map((row) => row.id);
}

/** Changes an account. */
export async function updateStaff(
  trx: Trx,
  id: string,
  change: Partial<
    Pick<Staff, 'name' | 'role' | 'all_campaigns' | 'password_hash' | 'totp_sealed' | 'totp_key_id' | 'totp_step' | 'disabled_at'>
  >,
): Promise<void> {
  await trx.updateTable('staff').set(change).where('id', '=', id).execute();
}

/** Which of these campaigns exist. */
export async function knownCampaigns(db: Db | Trx, ids: readonly string[]): Promise<Set<string>> {
  if (ids.length === 0) return new Set();
  const rows = await db.selectFrom('campaigns').select('id').where('id', 'in', ids).execute();
  return new Set(rows.map((row) => row.id));
}
