import { hasOptedOut } from '#db/waves';
import { readStopToken, STOP_GENERATION, stopTokenOf } from '../domain/stop-link';
import type { Portal } from '../portal';

/** Whose reminders a stop link stops, until when (exclusive) that grant can be received, and whether they are stopped. */
export type Stop = { readonly grantId: string; readonly deadlineAt: Date; readonly stopped: boolean };

/** What a stop link is for, by what stands in its address; null for forged and malformed ones alike. Reads only. */
export async function findStop({ db, crypto }: Pick<Portal, 'db' | 'crypto'>, text: string): Promise<Stop | null> {
  const read = readStopToken(text);
  if (!read) return null;
  const { token, grantId } = read;
  const grant = await db.selectFrom('grants').select(['link_key_id', 'deadline_at']).where('id', '=', grantId).executeTakeFirst();
  if (!grant || !crypto.same(token, stopTokenOf(grantId, crypto.linkToken(grantId, STOP_GENERATION, grant.link_key_id)))) return null;
  return { grantId, deadlineAt: grant.deadline_at, stopped: await hasOptedOut(db, grantId) };
}
