import type { Bulk } from '#db/bulk';
import type { BulkTestPortal } from './bulk-portal';

/** A portal's bulk work that finds a programme's deadline moved, as `change_campaign` does, just before its nth transaction. */
export function movingDeadline({ bulk, db }: BulkTestPortal, of: { campaignId: string; to: Date; before: number }): Bulk {
  let begun = 0;
  return {
    async transaction(work) {
      begun += 1;
      if (begun === of.before) {
        await db.updateTable('campaigns').set({ redeem_until: of.to }).where('id', '=', of.campaignId).execute();
        await db.updateTable('grants').set({ deadline_at: of.to }).where('campaign_id', '=', of.campaignId).execute();
      }
      return bulk.transaction(work);
    },
  };
}
