import type { Trx } from '#db/database';
import { lockActiveAdministrators } from '#db/staff';
import type { CampaignScope } from '../../domain/access';

/** Who changes an account: a member of staff with what they may see, or the owner's command line. */
export interface StaffActor {
  /** As it stands on the record: `staff:<id>` or `cli:<name>`. */
  readonly actor: string;
  /** Null for the command line. */
  readonly staffId: string | null;
  readonly scope: CampaignScope;
}

/** Nobody gives away more than they see, and nobody changes those who see more. */
export function coversScope(scope: CampaignScope, other: CampaignScope): boolean {
  if (scope === 'all') return true;
  return other !== 'all' && other.every((campaign) => scope.includes(campaign));
}

/** Whether nobody would be left to keep the accounts without this person. Locks all administrators. */
export async function isLastAdministrator(trx: Trx, staffId: string): Promise<boolean> {
  const able = await lockActiveAdministrators(trx);
  return able.length === 1 && able[0] === staffId;
}
