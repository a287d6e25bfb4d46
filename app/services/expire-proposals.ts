import { lockApproval } from '#db/approvals';
import { inTransaction } from '#db/transaction';
import type { Portal } from '../portal';
import { auditAct, endApproval } from './parts/acts/engine';

const BATCH = 100;

/** Ends proposals that nobody decided in time. Safe in many processes at once. @returns how many ended */
export async function expireProposals(portal: Portal): Promise<number> {
  const due = await portal.db
    .selectFrom('approvals')
    .select('id')
    .where('state', '=', 'proposed')
    .where('expires_at', '<=', portal.clock.now())
    .orderBy('expires_at')
    .limit(BATCH)
    .execute();
  let ended = 0;
  for (const { id } of due) {
    ended += await inTransaction(portal.db, async (trx) => {
      const approval = await lockApproval(trx, id);
      const now = portal.clock.now();
      if (approval?.state !== 'proposed' || now < approval.expires_at) return 0;
      await endApproval(trx, id, { state: 'expired', outcome: null, now });
      await auditAct(portal, trx, approval, { act: `${approval.act}.expired`, staffId: approval.proposed_by, now });
      return 1;
    });
  }
  return ended;
}
