import { type Insertable, type Selectable, sql } from 'kysely';
import type { Db, Trx } from './database';
import type { PasskeysTable } from './tables/staff';

export type Passkey = Selectable<PasskeysTable>;

/** The passkeys of a person, by slot. */
export async function listPasskeys(db: Db | Trx, staffId: string): Promise<Passkey[]> {
  return db.selectFrom('passkeys').selectAll().where('staff_id', '=', staffId).orderBy('slot').execute();
}

/** A passkey by what the browser calls it. Its person's use of it at another place waits. */
export async function findPasskey(trx: Trx, credentialId: Buffer): Promise<Passkey | null> {
  const row = await trx.selectFrom('passkeys').selectAll().where('credential_id', '=', credentialId).forUpdate().executeTakeFirst();
  return row ?? null;
}

/** Keeps a new passkey. A slot of a person holds one: the database refuses a second. */
export async function insertPasskey(trx: Trx, passkey: Insertable<PasskeysTable>): Promise<void> {
  await trx.insertInto('passkeys').values(passkey).execute();
}

/** Takes passkeys away. @returns how many */
export async function deletePasskeys(trx: Trx, which: { staffId: string; slot?: number }): Promise<number> {
  let query = trx.deleteFrom('passkeys').where('staff_id', '=', which.staffId);
  if (which.slot !== undefined) query = query.where('slot', '=', which.slot);
  return Number((await query.executeTakeFirst()).numDeletedRows);
}

/** Notes the use of a passkey and the counter it came with. */
export async function markPasskeyUsed(trx: Trx, { id, counter, now }: { id: string; counter: bigint; now: Date }): Promise<void> {
  await trx.updateTable('passkeys').set({ counter, last_used_at: now }).where('id', '=', id).execute();
}

/** Takes a challenge, once over all processes; those of yesterday are forgotten, they have long expired. @returns false when it was taken before */
export async function takeChallenge(trx: Trx, { digest, now }: { digest: Buffer; now: Date }): Promise<boolean> {
  await sql`delete from used_challenges where at < ${now}::timestamptz - interval '1 day'`.execute(trx);
  const result = await trx
    .insertInto('used_challenges')
    .values({ digest, at: now })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  return (result.numInsertedOrUpdatedRows ?? 0n) === 1n;
}
