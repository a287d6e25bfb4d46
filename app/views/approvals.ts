import { type ApprovalFilter, type ApprovalRow, findApproval, listApprovalItems, listApprovals } from '#db/approval-list';
import { isInScope, isPermitted } from '../domain/access';
import type { ActPlan } from '../domain/acts';
import { isUuid } from '../domain/uuid';
import type { Portal } from '../portal';
import type { StaffMember } from './staff-session';

export const APPROVAL_FILTERS = ['waiting', 'running', 'mine', 'ended'] as const satisfies readonly ApprovalFilter[];

export interface ApprovalSummary extends Omit<ApprovalRow, 'plan'> {
  readonly plan: ActPlan;
  /** A proposal whose time is over, although nobody has ended it yet. */
  readonly overdue: boolean;
  readonly own: boolean;
}

const PAGE = 25;

/** A page of proposals that this person may see. */
export async function findApprovals(
  portal: Pick<Portal, 'db'>,
  { staff, filter, before, now }: { staff: StaffMember; filter: ApprovalFilter; before: string | null; now: Date },
): Promise<{ readonly rows: readonly ApprovalSummary[]; readonly next: string | null }> {
  const rows = await listApprovals(portal.db, {
    scope: staff.scope,
    filter,
    // Who may see one person at a time sees their own proposals only.
    ownOnly: !isPermitted(staff.role, 'see.many'),
    staffId: staff.id,
    before: isUuid(before) ? before : null,
    limit: PAGE + 1,
  });
  return {
    rows: rows.slice(0, PAGE).map((row) => summary(row, staff, now)),
    next: rows.length > PAGE ? (rows[PAGE - 1]?.id ?? null) : null,
  };
}

export interface ApprovalPage extends ApprovalSummary {
  /** Why this person cannot decide it; null when they can. */
  readonly undecidable: 'role' | 'own' | 'ended' | 'overdue' | null;
  readonly withdrawable: boolean;
  readonly sample: Awaited<ReturnType<typeof listApprovalItems>>;
}

/** One proposal with all that both people need to see; null when it is not theirs to see. */
export async function findApprovalPage(
  portal: Pick<Portal, 'db'>,
  { staff, id, now }: { staff: StaffMember; id: string | undefined; now: Date },
): Promise<ApprovalPage | null> {
  const row = isUuid(id) ? await findApproval(portal.db, id) : null;
  if (!row || !isInScope(staff.scope, row.campaignId)) return null;
  const own = summary(row, staff, now);
  if (!own.own && !isPermitted(staff.role, 'see.many')) return null;
  return {
    ...own,
    undecidable: whyUndecidable(own, staff),
    withdrawable: own.own && own.state === 'proposed',
    sample: row.items > 0 ? await listApprovalItems(portal.db, { approvalId: row.id, limit: 20 }) : [],
  };
}

function whyUndecidable(row: ApprovalSummary, staff: StaffMember): ApprovalPage['undecidable'] {
  if (row.state !== 'proposed') return 'ended';
  if (row.overdue) return 'overdue';
  if (row.own) return 'own';
  return isPermitted(staff.role, 'decide') ? null : 'role';
}

function summary(row: ApprovalRow, staff: StaffMember, now: Date): ApprovalSummary {
  return {
    ...row,
    // Written by `propose-act`.
    plan: row.plan as ActPlan,
    overdue: row.state === 'proposed' && row.expiresAt <= now,
    own: row.proposedBy === staff.id,
  };
}
