import type { Trx } from './database';
import type { Approval } from './tables/staff';

export const APPROVAL_COLUMNS = [
  'id',
  'campaign_id',
  'act',
  'subject_kind',
  'subject_id',
  'grant_id',
  'yen',
  'plan',
  'secret_sealed',
  'secret_key_id',
  'reason',
  'note',
  'state',
  'proposed_by',
  'proposed_at',
  'expires_at',
  'free_rule',
  'decided_by',
  'decided_at',
  'decision_note',
  'paused_at',
  'ended_at',
  'outcome',
] as const satisfies readonly (keyof Approval)[];

/** Locks an approval for the rest of the transaction. Lock its grant first. */
export async function lockApproval(trx: Trx, approvalId: string): Promise<Approval | null> {
  const row = await trx.selectFrom('approvals').select(APPROVAL_COLUMNS).where('id', '=', approvalId).forUpdate().executeTakeFirst();
  return row ?? null;
}
