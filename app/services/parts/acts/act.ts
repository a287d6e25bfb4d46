import type { Trx } from '#db/database';
import type { Grant } from '#db/schema';
import { type ActPlan, type ActRefusal, type PersonFacts, type RedemptionFacts, refuseAct } from '../../../domain/acts';
import type { Portal } from '../../../portal';

/** What an act knows: the grant behind its lock, and everything about the person at this moment. */
export interface ActContext {
  readonly portal: Portal;
  readonly trx: Trx;
  readonly grant: Grant;
  readonly person: PersonFacts;
  readonly now: Date;
}

/** What was asked for: the form's fields by name. `secret` is what may not stand in the plan (a new address). */
export interface ActInput {
  readonly fields: Readonly<Record<string, string>>;
  readonly secret: string | null;
}

/** Leave that was given: whose, and the approval that every change names. */
export interface ActLeave {
  readonly approvalId: string;
  readonly staffId: string;
  readonly reason: string;
}

/** One act that needs leave. `plan` only reads; `carryOut` does what the plan says, in the same transaction. */
export interface Act {
  plan(context: ActContext, input: ActInput): Promise<ActPlan | ActRefusal>;
  /** `running`: the rest is a job's; the approval stays open until it has ended. */
  carryOut(context: ActContext, input: ActInput, plan: ActPlan, leave: ActLeave): Promise<'done' | 'running'>;
}

/** An act before which the caller must prove themselves; what they say is checked once and stands in no plan. */
export interface CheckedAct extends Act {
  check(context: ActContext, input: ActInput, staffId: string): Promise<ActRefusal | null>;
}

/** The redemption that an act's form names, among the person's own. */
export function findSubject(person: PersonFacts, fields: ActInput['fields']): RedemptionFacts | ActRefusal {
  return person.redemptions.find(({ id }) => id === fields.redemption) ?? refuseAct('not_found');
}

/** Who did it, as journal and audit name it. */
export function actorOf(staffId: string): string {
  return `staff:${staffId}`;
}

/** Whether a value is our own no. */
export function isRefusal(value: object): value is ActRefusal {
  return 'kind' in value && value.kind === 'refused';
}
