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

/** Whether an attempt still holds its code: no other may be opened beside it. */
export function isLive(attempt: Pick<Issuance, 'state'>): boolean {
  return attempt.state === 'open' || attempt.state === 'unknown' || attempt.state === 'issued';
}

/** Reads an attempt again behind the locks of its slot. */
export async function getAttempt(trx: Trx, issuanceId: string): Promise<Issuance> {
  return trx.selectFrom('issuances').select(ISSUANCE_COLUMNS).where('id', '=', issuanceId).forUpdate().executeTakeFirstOrThrow();
}
