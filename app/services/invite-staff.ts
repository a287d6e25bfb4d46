import { appendAudit } from '#db/audit';
import { findStaff, insertStaff, knownCampaigns, replaceStaffCampaigns } from '#db/staff';
import { inTransaction, violatedConstraint } from '#db/transaction';
import type { CampaignScope, Role } from '../domain/access';
import { readLogin } from '../domain/login';
import { readStaffName } from '../domain/staff-name';
import type { Portal } from '../portal';
import { openInvitation } from './parts/invitation';
import { coversScope, type StaffActor } from './parts/staff-guard';

export type InviteResult =
  | { readonly kind: 'invited'; readonly staffId: string; readonly login: string; readonly token: string; readonly expiresAt: Date }
  | {
      readonly kind: 'refused';
      readonly reason: 'login_invalid' | 'login_taken' | 'name_invalid' | 'campaign_unknown' | 'campaign_none' | 'scope';
    };

/** Makes an account for somebody and the one-time link by which they choose what to sign in with. */
export async function inviteStaff(
  portal: Pick<Portal, 'db' | 'crypto'>,
  {
    login: typed,
    name: given,
    role,
    scope,
    by,
    now,
  }: { login: string; name: string; role: Role; scope: CampaignScope; by: StaffActor; now: Date },
): Promise<InviteResult> {
  const { crypto } = portal;
  const refuse = (reason: Extract<InviteResult, { kind: 'refused' }>['reason']): InviteResult => ({ kind: 'refused', reason });
  const login = readLogin(typed);
  const name = readStaffName(given);
  if (login === null) return refuse('login_invalid');
  if (name === null) return refuse('name_invalid');
  if (scope !== 'all' && scope.length === 0) return refuse('campaign_none');
  if (!coversScope(by.scope, scope)) return refuse('scope');
  const campaigns = scope === 'all' ? [] : scope;
  try {
    return await inTransaction(portal.db, async (trx): Promise<InviteResult> => {
      if (await findStaff(trx, { login })) return refuse('login_taken');
      const known = await knownCampaigns(trx, campaigns);
      if (campaigns.some((campaign) => !known.has(campaign))) return refuse('campaign_unknown');
      const id = crypto.newId(now);
      await insertStaff(trx, { id, login, name, role, all_campaigns: scope === 'all', created_at: now, created_by: by.staffId });
      await replaceStaffCampaigns(trx, { staffId: id, campaigns });
      const { token, expiresAt } = await openInvitation(trx, crypto, { staffId: id, actor: by.actor, now });
      await appendAudit(trx, {
        id: crypto.newId(now),
        campaignId: null,
        at: now,
        actor: by.actor,
        act: 'invite_staff',
        subjectKind: 'staff',
        subjectId: id,
        detail: { role, campaigns: scope === 'all' ? 'all' : [...campaigns].sort().join(' ') },
      });
      return { kind: 'invited', staffId: id, login, token, expiresAt };
    });
  } catch (error) {
    // Somebody else invited the same login at the same time.
    if (violatedConstraint(error) === 'staff_login_key') return refuse('login_taken');
    throw error;
  }
}
