import { countBounced } from '#db/needs';
import { isPermitted } from '../domain/access';
import type { Portal } from '../portal';
import { bouncedSince } from './bounced';
import type { StaffMember } from './staff-session';

/** Small numbers beside the menu: what waits for this person. */
export interface Badges {
  readonly approvals?: number;
  /** Codes that failed or are in doubt, and people whom nothing reaches. */
  readonly needs?: number;
}

/** Counts what waits, within the campaigns this person may see; each count stops at 100. */
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
      needs:
        (await count(
          portal.db
            .selectFrom('redemptions')
            .select('id')
            .where('state', 'in', ['failed', 'in_doubt'])
            .$if(limited !== null, (query) => query.where('campaign_id', 'in', limited?.length ? limited : ['']))
            .limit(100),
        )) + (await countBounced(portal.db, await campaignsIn(portal, limited), bouncedSince(now))).count,
    }),
  };
}

async function campaignsIn({ db }: Pick<Portal, 'db'>, limited: readonly string[] | null): Promise<readonly string[]> {
  return limited ?? (await db.selectFrom('campaigns').select('id').execute()).map(({ id }) => id);
}
