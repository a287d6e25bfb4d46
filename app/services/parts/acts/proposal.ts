import { APPROVAL_COLUMNS } from '#db/approvals';
import type { Trx } from '#db/database';
import type { Approval } from '#db/tables/staff';
import { violatedConstraint } from '#db/transaction';
import { type ActPlan, type ActRefusal, planText, proposalEnds, refuseAct } from '../../../domain/acts';

/** What is proposed, by whom and why. */
export interface Proposal {
  readonly id: string;
  readonly campaignId: string;
  readonly act: string;
  /** One proposal at a time for each. */
  readonly subject: { readonly kind: string; readonly id: string };
  readonly grantId?: string;
  readonly plan: ActPlan;
  readonly reason: string;
  readonly note: string;
  readonly staffId: string;
  /** The campaign's policy asks for no second person. */
  readonly alone?: boolean;
  /** What an approval must keep and nobody may read. */
  readonly sealed?: { readonly secret_sealed: Buffer | null; readonly secret_key_id: string | null };
  readonly now: Date;
}

/** Writes a proposal, for a second person or, within the campaign's policy, as approved. Its yen are the plan's. */
export async function insertProposal(trx: Trx, of: Proposal): Promise<Approval> {
  const alone = of.alone ?? false;
  return trx
    .insertInto('approvals')
    .values({
      id: of.id,
      campaign_id: of.campaignId,
      act: of.act,
      subject_kind: of.subject.kind,
      subject_id: of.subject.id,
      grant_id: of.grantId ?? null,
      yen: BigInt(of.plan.yen),
      plan: planText(of.plan),
      ...of.sealed,
      reason: of.reason,
      note: of.note,
      state: alone ? 'approved' : 'proposed',
      free_rule: alone ? 'within_policy' : null,
      proposed_by: of.staffId,
      proposed_at: of.now,
      expires_at: proposalEnds(of.now),
    })
    .returning(APPROVAL_COLUMNS)
    .executeTakeFirstOrThrow();
}

/** Proposes, and says so when a proposal about the same waits already: the database alone knows for sure. */
export async function proposeOnce<T>(propose: () => Promise<T>): Promise<T | ActRefusal> {
  try {
    return await propose();
  } catch (error) {
    if (violatedConstraint(error) === 'approvals_one_live') return refuseAct('already_proposed');
    throw error;
  }
}
