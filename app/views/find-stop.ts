import { hasOptedOut } from '#db/waves';
import { grantOfStopToken, STOP_GENERATION, stopTokenOf } from '../domain/stop-link';
import type { Portal } from '../portal';

/** Whose reminders a link stops, and whether they are stopped; null for forged and malformed ones alike. Reads only. */
export async function findStop(
  { db, crypto }: Pick<Portal, 'db' | 'crypto'>,
  token: string,
): Promise<{ readonly grantId: string; readonly stopped: boolean } | null> {
  const grantId = grantOfStopToken(token);
  if (!grantId) return null;
  const grant = await db.selectFrom('grants').select('link_key_id').where('id', '=', grantId).executeTakeFirst();
  if (!grant || !crypto.same(token, stopTokenOf(grantId, crypto.linkToken(grantId, STOP_GENERATION, grant.link_key_id)))) return null;
  return { grantId, stopped: await hasOptedOut(db, grantId) };
}
