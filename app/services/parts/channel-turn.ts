import type { Trx } from '#db/database';
import { takeSlot } from '#db/slots';
import type { JobRequest } from '../../jobs';
import type { Channel, Portal } from '../../portal';

/** A worker's hand waits this long for its turn; what lies further ahead goes back into the queue. */
export const TURN_PATIENCE_MS = 2_000;

/**
 * Takes a slot of a channel's, as the last thing of the transaction that claims what is sent: nothing that turns out to
 * be done or taken back uses one up. Without `patienceMs` the rate is not kept.
 * @returns how long to wait before sending, in ms; null: no slot is free so soon, and the job was queued again
 */
export async function takeTurn(
  portal: Pick<Portal, 'enqueue'>,
  trx: Trx,
  { channel, patienceMs, again }: { channel: Channel; patienceMs: number | undefined; again: (delayMs: number) => JobRequest },
): Promise<number | null> {
  if (patienceMs === undefined) return 0;
  const { ratePerSecond } = channel.capabilities;
  const waitMs = await takeSlot(trx, { of: 'channel', id: channel.id, ratePerSecond, patienceMs });
  if (waitMs === null) await portal.enqueue(trx, again(patienceMs));
  return waitMs;
}
