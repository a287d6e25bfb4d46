import { listLapsingCampaigns } from '#db/lapsing';
import { inTransaction } from '#db/transaction';
import type { Portal } from '../portal';

/** Queues the lapse of every campaign that has grants past their deadline; a campaign that is queued already is not queued twice. */
export async function sweepDeadlines(portal: Pick<Portal, 'db' | 'clock' | 'enqueue'>): Promise<void> {
  await inTransaction(portal.db, async (trx) => {
    for (const campaignId of await listLapsingCampaigns(trx, portal.clock.now())) {
      await portal.enqueue(trx, { name: 'lapse-grants', campaignId, delayMs: 0 });
    }
  });
}
