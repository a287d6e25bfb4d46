import type { CallbackNote } from '#adapters/channels/port';
import type { Portal } from '../portal';

/**
 * Somebody who says to be a gateway named a message: it is asked for soon, and nothing else happens. Unknown ids do
 * nothing, and are not counted: whoever makes ids up fills no table.
 */
export async function noteCallback(
  portal: Pick<Portal, 'db' | 'enqueue'>,
  { messageId, proven }: CallbackNote,
  { allow }: { allow: (messageId: string) => Promise<boolean> },
): Promise<void> {
  const known = await portal.db.selectFrom('messages').select('id').where('id', '=', messageId).executeTakeFirst();
  if (!known || !(await allow(messageId))) return;
  const named = proven && { attempt: String(proven.attempt), reference: proven.reference };
  await portal.db.transaction().execute((trx) => portal.enqueue(trx, { name: 'ask-message', messageId, ...named, delayMs: 0 }));
}
