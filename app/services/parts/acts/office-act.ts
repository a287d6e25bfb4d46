import type { CampaignTerms } from '#db/campaigns';
import type { Trx } from '#db/database';
import type { ActPlan, ActRefusal } from '../../../domain/acts';
import type { Portal } from '../../../portal';
import type { ActLeave } from './act';

/** What an act of the office knows. What it is done to, it locks itself. */
export interface OfficeContext {
  readonly portal: Portal;
  readonly trx: Trx;
  readonly campaign: CampaignTerms;
  readonly now: Date;
}

/** What will happen, and to what: one proposal at a time for each subject. */
export interface OfficePlan {
  readonly subject: { readonly kind: string; readonly id: string };
  readonly plan: ActPlan;
}

/** One act of the office. `plan` only reads; `carryOut` does what the plan says, in the same transaction. */
export interface OfficeAct {
  /** `fields` are the form's, or a plan's own input: the same question gives the same plan. */
  plan(context: OfficeContext, fields: Readonly<Record<string, string>>): Promise<OfficePlan | ActRefusal>;
  /** `running`: the rest is a job's; the approval stays open until it has ended. */
  carryOut(context: OfficeContext, plan: ActPlan, leave: ActLeave): Promise<'done' | 'running'>;
}
