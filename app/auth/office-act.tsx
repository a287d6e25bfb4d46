import type { ActPlan, ActRefusal } from '../domain/acts';
import { OFFICE_ACTS, type OfficeActName } from '../domain/office-acts';
import { readExactYen } from '../domain/yen';
import { type OfficeActRequest, planOfficeAct, previewOfficeAct, proposeOfficeAct } from '../services/propose-office-act';
import type { Form } from './form';
import type { StaffVisit } from './staff-visit';
import { checkStepUp, offerStepUp, type StepUpOffer, type StepUpResult } from './step-up';
import { goTo } from './visit';

/** What an act's form asks for on top of its reason, note, evidence and proof. */
export interface OfficeActQuestion {
  readonly act: OfficeActName;
  readonly campaignId: string;
  /** What the proof is bound to: an id. */
  readonly subject: string;
  readonly fields: Readonly<Record<string, string>>;
}

/** An act's form as it is shown: what will happen, or why not, and what came of the last try. */
export interface ShownOfficeAct {
  readonly reasons: readonly string[];
  readonly plan: ActPlan | null;
  /** Why it is not possible at all; null when there is a plan. */
  readonly no: ActRefusal | null;
  readonly needsSecond: boolean;
  readonly typed: Readonly<Record<string, string>>;
  readonly error: ActRefusal | null;
  readonly stepUp: {
    readonly offer: StepUpOffer;
    readonly error: (StepUpResult & { kind: 'refused' })['reason'] | null;
    readonly minutes?: number;
  } | null;
}

/** The form before anything was typed. */
export function officeActPage(visit: StaffVisit, question: OfficeActQuestion): Promise<ShownOfficeAct> {
  return shownAs(visit, question, { typed: {}, error: null });
}

/**
 * Takes a form: checks it whole, then the proof, then proposes. @returns the way on, or the form again with what was
 * wrong; nothing was written then
 */
export async function officeActAnswer(visit: StaffVisit, form: Form, question: OfficeActQuestion): Promise<Response | ShownOfficeAct> {
  const { portal, staff } = visit;
  const { act, campaignId, subject } = question;
  const typed = Object.fromEntries(['reason', 'note', 'evidence'].map((name) => [name, form.text(name) ?? '']));
  const { reason = '', note = '', evidence = '' } = typed;
  const yen = readExactYen(form.one('yen') ?? '') ?? 0n;
  const request: OfficeActRequest = { staff, act, campaignId, fields: { ...question.fields, evidence }, reason, note, yen };
  const plan = await previewOfficeAct(portal, request);
  if ('kind' in plan) return shownAs(visit, question, { typed, error: plan });
  const proof = await checkStepUp(visit, form, { act: OFFICE_ACTS[act].permission, subject, yen });
  if (proof.kind === 'refused') return shownAs(visit, question, { typed, error: null, proof });
  const answer = await proposeOfficeAct(portal, request);
  if (answer.kind === 'refused') return shownAs(visit, question, { typed, error: answer });
  return goTo(`/admin/approvals/${answer.approvalId}?now=${answer.kind}`);
}

async function shownAs(
  visit: StaffVisit,
  question: OfficeActQuestion,
  tried: { typed: ShownOfficeAct['typed']; error: ActRefusal | null; proof?: StepUpResult & { kind: 'refused' } },
): Promise<ShownOfficeAct> {
  const { act, subject } = question;
  const planned = await planOfficeAct(visit.portal, { staff: visit.staff, ...question });
  const { reasons, permission } = OFFICE_ACTS[act];
  const common = { reasons, typed: tried.typed, error: tried.error };
  if (planned.kind === 'refused') return { ...common, plan: null, no: planned, needsSecond: true, stepUp: null };
  const { plan, needsSecond } = planned;
  const offer = await offerStepUp(visit, { act: permission, subject, yen: BigInt(plan.yen) });
  const { proof } = tried;
  return { ...common, plan, no: null, needsSecond, stepUp: { offer, error: proof?.reason ?? null, minutes: proof?.minutes } };
}
