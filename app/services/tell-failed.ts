import { listUntoldFailures, lockUntoldFailure, type UntoldFailure } from '#db/failure-notices';
import { inTransaction } from '#db/transaction';
import { isNight } from '../domain/message';
import type { Portal } from '../portal';
import { queueMessage } from './parts/queue-message';

const MINUTE_MS = 60_000;
/** Whoever works on it has so long before the recipient is asked to choose anew; what is older, a person tells. */
const PATIENCE_MS = 30 * MINUTE_MS;
const TOLD_MS = 30 * 86_400_000;

/**
 * Tells recipients that a code could not be issued and what they can do now: once for each redemption, in many processes
 * at once, and not while staff propose something about it. @returns how many were told
 */
export async function tellFailed(portal: Portal, { limit = 100 }: { limit?: number } = {}): Promise<number> {
  // It can wait for the morning.
  if (isNight(portal.clock.now())) return 0;
  const now = portal.clock.now().getTime();
  const between = { from: new Date(now - TOLD_MS), until: new Date(now - PATIENCE_MS) };
  let told = 0;
  for (const one of await listUntoldFailures(portal.db, { ...between, limit })) told += await tell(portal, one);
  return told;
}

async function tell(portal: Portal, { redemptionId, grantId, yen }: UntoldFailure): Promise<0 | 1> {
  return inTransaction(portal.db, async (trx) => {
    if (!(await lockUntoldFailure(trx, redemptionId))) return 0;
    const queued = await queueMessage(portal, trx, { grantId, purpose: 'code_failed', actor: 'worker', yen });
    const messageId = queued.kind === 'queued' ? queued.messageId : null;
    await trx
      .insertInto('failure_notices')
      .values({ redemption_id: redemptionId, message_id: messageId, at: portal.clock.now() })
      .execute();
    return messageId ? 1 : 0;
  });
}
