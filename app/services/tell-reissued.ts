import { isUntold, listUntoldReissues, type UntoldReissue } from '#db/reissue-notices';
import { inTransaction } from '#db/transaction';
import type { Portal } from '../portal';
import { actorOf } from './parts/acts/act';
import { queueMessage } from './parts/queue-message';

/** A re-issue is told of when its code is there; what took longer than this, a person tells. */
const TOLD_DAYS = 30;

/**
 * Tells recipients that their new code is there, when it is: the process that issues codes may not read where
 * anybody lives, so the console's recurring work does it. Once for each approval and person, in many processes at
 * once; who has no address is not looked at again. Whose redemption had failed never had a code: for them it is
 * ready, not replaced. @returns how many were told
 */
export async function tellReissued(portal: Portal, { limit = 100 }: { limit?: number } = {}): Promise<number> {
  const since = new Date(portal.clock.now().getTime() - TOLD_DAYS * 86_400_000);
  let told = 0;
  for (const one of await listUntoldReissues(portal.db, { since, limit })) told += await tell(portal, one);
  return told;
}

async function tell(portal: Portal, one: UntoldReissue): Promise<0 | 1> {
  const { approvalId, grantId, yen, replaces, proposedBy } = one;
  return inTransaction(portal.db, async (trx) => {
    if (!(await isUntold(trx, one))) return 0;
    const purpose = replaces ? 'reissued' : 'code_ready';
    const queued = await queueMessage(portal, trx, { grantId, purpose, actor: actorOf(proposedBy), yen });
    const messageId = queued.kind === 'queued' ? queued.messageId : null;
    await trx
      .insertInto('reissue_notices')
      .values({ approval_id: approvalId, grant_id: grantId, message_id: messageId, at: portal.clock.now() })
      .execute();
    return messageId ? 1 : 0;
  });
}
