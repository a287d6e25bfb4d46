import { CODE_COLUMNS, ISSUANCE_COLUMNS, REDEMPTION_COLUMNS } from './columns';
import type { Db, Trx } from './database';
import { lockGrant } from './grants';
import { lockRedemption } from './redemptions';
import type { Code, Issuance, Redemption } from './schema';

/** A code slot and its redemption, unlocked: to decide which way of issuing applies. */
export async function findSlot(db: Db | Trx, codeId: string): Promise<{ code: Code; redemption: Redemption } | null> {
  const code = await db.selectFrom('codes').select(CODE_COLUMNS).where('id', '=', codeId).executeTakeFirst();
  if (!code) return null;
  const redemption = await db
    .selectFrom('redemptions')
    .select(REDEMPTION_COLUMNS)
    .where('id', '=', code.redemption_id)
    .executeTakeFirstOrThrow();
  return { code, redemption };
}

/** Locks grant, then redemption (the one order used everywhere), and reads the slot behind the locks. */
export async function lockSlot(trx: Trx, codeId: string): Promise<{ code: Code; redemption: Redemption } | null> {
  const slot = await findSlot(trx, codeId);
  if (!slot) return null;
  await lockGrant(trx, slot.redemption.grant_id);
  const redemption = await lockRedemption(trx, slot.redemption.id);
  const code = await trx.selectFrom('codes').select(CODE_COLUMNS).where('id', '=', codeId).executeTakeFirstOrThrow();
  return redemption ? { code, redemption } : null;
}

/** The one attempt of a code that is not settled, if any. */
export async function findLiveAttempt(trx: Trx, codeId: string): Promise<Issuance | null> {
  const row = await trx
    .selectFrom('issuances')
    .select(ISSUANCE_COLUMNS)
    .where('code_id', '=', codeId)
    .where('state', 'in', ['open', 'unknown', 'issued'])
    .executeTakeFirst();
  return row ?? null;
}

/** Reads an attempt again behind the locks of its slot. */
export async function getAttempt(trx: Trx, issuanceId: string): Promise<Issuance> {
  return trx.selectFrom('issuances').select(ISSUANCE_COLUMNS).where('id', '=', issuanceId).forUpdate().executeTakeFirstOrThrow();
}
