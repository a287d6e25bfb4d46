import { isPermitted } from '../domain/access';
import type { Portal } from '../portal';
import type { StaffMember } from './staff-session';

/** Small numbers beside the menu: what waits for this person. */
export interface Badges {
  readonly approvals?: number;
  readonly needs?: number;
}

/** Counts what waits, within the campaigns this person may see; a count stops at 100. */
export async function countWaiting(portal: Pick<Portal, 'db'>, { staff, now }: { staff: StaffMember; now: Date }): Promise<Badges> {
  const { role, scope } = staff;
  const limited = scope === 'all' ? null : [...scope];
  const count = async (query: { execute(): Promise<readonly unknown[]> }) => (await query.execute()).length;
  return {
    ...(isPermitted(role, 'see.approvals') && {
      approvals: await count(
        portal.db
          .selectFrom('approvals')
          .select('id')
          .where('state', '=', 'proposed')
          .where('expires_at', '>', now)
          .$if(limited !== null, (query) => query.where('campaign_id', 'in', limited?.length ? limited : ['']))
          .$if(isPermitted(role, 'decide'), (query) => query.where('proposed_by', '<>', staff.id))
          .limit(100),
      ),
    }),
    ...(isPermitted(role, 'see.lists') && {
      needs: await count(
        portal.db
          .selectFrom('redemptions')
          .select('id')
          .where('state', 'in', ['failed', 'in_doubt'])
          .$if(limited !== null, (query) => query.where('campaign_id', 'in', limited?.length ? limited : ['']))
          .limit(100),
      ),
    }),
  };
}
