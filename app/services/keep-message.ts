import type { OutgoingMessage } from '#adapters/channels/port';
import type { Portal } from '../portal';

/**
 * Keeps a message for the outbox, where rehearsals show it instead of sending it. Sealed: it holds a link. Kept once,
 * however often it comes. `returned`: it came back, as mail to an address that is none.
 */
export async function keepMessage(
  portal: Pick<Portal, 'db' | 'crypto'>,
  message: OutgoingMessage,
  now: Date,
  { returned = false }: { returned?: boolean } = {},
): Promise<void> {
  const { sealed, keyId } = portal.crypto.seal('outbox.content', message.id, JSON.stringify({ ...message, returned }));
  await portal.db
    .insertInto('outbox')
    .values({ message_id: message.id, content_sealed: sealed, content_key_id: keyId, at: now })
    .onConflict((conflict) => conflict.column('message_id').doNothing())
    .execute();
}
