import { inTransaction } from '#db/transaction';
import type { TypedRecovery } from '../domain/recovery';
import type { Portal } from '../portal';

/** Files that somebody wants a link again: the same two rows for everyone, known or not. Whether it is true is found out later. */
export async function requestRecovery(
  portal: Pick<Portal, 'db' | 'crypto' | 'clock' | 'enqueue'>,
  { typed, language }: { typed: TypedRecovery; language: 'ja' | 'en' },
): Promise<void> {
  const now = portal.clock.now();
  const id = portal.crypto.newId(now);
  const asked = portal.crypto.sealText(`recovery|${id}`, JSON.stringify({ fact: typed.fact, second: typed.second }));
  await inTransaction(portal.db, async (trx) => {
    await trx.insertInto('recoveries').values({ id, asked, language, asked_at: now }).execute();
    await portal.enqueue(trx, { name: 'recover-link', recoveryId: id, delayMs: 0 });
  });
}
