import { appendAudit } from '#db/audit';
import { knownCampaigns, lockStaff, replaceStaffCampaigns, updateStaff } from '#db/staff';
import { endSessions } from '#db/staff-sessions';
import { inTransaction } from '#db/transaction';
import type { CampaignScope, Role } from '../domain/access';
import type { Portal } from '../portal';
import { coversScope, isLastAdministrator, type StaffActor } from './parts/staff-guard';

export type ChangeStaffResult =
  | { readonly kind: 'changed' | 'unchanged' }
  | {
      readonly kind: 'refused';
      readonly reason: 'unknown' | 'own_account' | 'last_administrator' | 'campaign_unknown' | 'campaign_none' | 'scope';
    };

/** Gives somebody another role or other campaigns. Their sessions end at once: nothing begun under the old role goes on. */
export async function changeStaff(
  portal: Pick<Portal, 'db' | 'crypto'>,
  { staffId, role, scope, by, now }: { staffId: string; role: Role; scope: CampaignScope; by: StaffActor; now: Date },
): Promise<ChangeStaffResult> {
  const { crypto } = portal;
  const refuse = (reason: Extract<ChangeStaffResult, { kind: 'refused' }>['reason']): ChangeStaffResult => ({ kind: 'refused', reason });
  if (by.staffId === staffId) return refuse('own_account');
  if (scope !== 'all' && scope.length === 0) return refuse('campaign_none');
  if (!coversScope(by.scope, scope)) return refuse('scope');
  const campaigns = scope === 'all' ? [] : [...new Set(scope)].sort();
  return inTransaction(portal.db, async (trx): Promise<ChangeStaffResult> => {
    // Before the account itself, so that all who change accounts lock in one order.
    const last = await isLastAdministrator(trx, staffId);
    const staff = await lockStaff(trx, staffId);
    if (!staff || !coversScope(by.scope, staff.all_campaigns ? 'all' : staff.campaigns)) return refuse('unknown');
    if (last && role !== 'administrator') return refuse('last_administrator');
    const known = await knownCampaigns(trx, campaigns);
    if (campaigns.some((campaign) => !known.has(campaign))) return refuse('campaign_unknown');
    const before = staff.all_campaigns ? 'all' : staff.campaigns.join(' ');
    const after = scope === 'all' ? 'all' : campaigns.join(' ');
    if (role === staff.role && before === after) return { kind: 'unchanged' };
    await updateStaff(trx, staffId, { role, all_campaigns: scope === 'all' });
    await replaceStaffCampaigns(trx, { staffId, campaigns });
    const sessions = await endSessions(trx, { staffId }, { reason: 'role_changed', now });
    await appendAudit(trx, {
      id: crypto.newId(now),
      campaignId: null,
      at: now,
      actor: by.actor,
      act: 'change_staff',
      subjectKind: 'staff',
      subjectId: staffId,
      detail: { fromRole: staff.role, toRole: role, fromCampaigns: before, toCampaigns: after, sessions },
    });
    return { kind: 'changed' };
  });
}
