import type { CallbackNote } from '#adapters/channels/port';
import type { Portal } from '../portal';

/**
 * Somebody who says to be a gateway named a message: it is asked for soon, and nothing else happens. Unknown ids do
 * nothing.
 */
export async function noteCallback(portal: Pick<Portal, 'db' | 'enqueue'>, { messageId, proven }: CallbackNote): Promise<void> {
  await portal.db.transaction().execute(async (trx) => {
    const known = await trx.selectFrom('messages').select('id').where('id', '=', messageId).executeTakeFirst();
    if (known) {
      const named = proven && { attempt: String(proven.attempt), reference: proven.reference };
      await portal.enqueue(trx, { name: 'ask-message', messageId, ...named, delayMs: 0 });
    }
  });
}
