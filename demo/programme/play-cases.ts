import { moveCase } from '~/services/move-case';
import { noteCase } from '~/services/note-case';
import { openCase } from '~/services/open-case';
import { ownCase } from '~/services/own-case';
import { recordShopAnswer } from '~/services/record-shop-answer';
import { type CasePlan, type CaseStepPlan, UNKNOWN_NUMBER } from './cases';
import { approve, CAMPAIGN, expectKind, type Happening, on, propose, type Stage } from './stage';

/** What becomes of the calls, each step at its moment, by the services that the console calls. */
export function caseHappenings(plans: readonly CasePlan[]): Happening[] {
  return plans.flatMap((plan): Happening[] => {
    let caseId = '';
    return [
      {
        at: on(plan.opened),
        happen: async (stage) => {
          caseId = await call(stage, plan);
        },
      },
      ...plan.steps.map((step) => ({ at: on(step.at), happen: (stage: Stage) => take(stage, caseId, step) })),
    ];
  });
}

/** Takes the call. @returns the case's id */
async function call({ portal, staff }: Stage, { name, phone, mail, held, payments, kind, story, known }: CasePlan): Promise<string> {
  const typed = {
    name,
    phone,
    mail,
    number: held?.number ?? UNKNOWN_NUMBER,
    valid: held?.valid.slice(0, 10) ?? '2023-02-24',
    prefecture: '熊本県',
    shop: held?.payments[0]?.shop ?? '阿蘇物産館',
  };
  const facts = known
    ? { way: 'facts', fact1: 'issuer', said1: held?.issuer ?? '', fact2: 'face', said2: String(held?.faceYen ?? '') }
    : { way: 'later', fact1: '', said1: '', fact2: '', said2: '' };
  const opened = await openCase(portal, {
    staff: staff.call_centre,
    campaignId: CAMPAIGN,
    typed,
    told: { ...facts, kind, payments, story },
    requestKey: portal.crypto.newKey(),
  });
  return expectKind(opened, 'opened').caseId;
}

async function take(stage: Stage, caseId: string, step: CaseStepPlan): Promise<void> {
  const { portal, staff } = stage;
  const work = { caseId, staff: staff.call_centre };
  switch (step.act) {
    case 'take':
      expectKind(await ownCase(portal, work), 'done');
      return;
    case 'note':
      expectKind(await noteCase(portal, { ...work, body: step.body }), 'done');
      return;
    case 'ask_shop':
      expectKind(await moveCase(portal, { ...work, to: 'asking_shop', reason: '', body: '' }), 'done');
      return;
    case 'shop':
      expectKind(await recordShopAnswer(portal, { ...work, answer: step.answer, body: step.body }), 'done');
      return;
    case 'ask':
      expectKind(await moveCase(portal, { ...work, to: 'more_needed', reason: step.reason, body: step.body }), 'done');
      return;
    case 'refuse': {
      // A no is not the agent's.
      const by = { caseId, staff: staff.operator };
      expectKind(await moveCase(portal, { ...by, to: 'refused', reason: step.reason, body: step.body }), 'done');
      return;
    }
    case 'done':
      expectKind(await moveCase(portal, { ...work, to: 'done', reason: '', body: '' }), 'done');
      return;
    case 'decide': {
      const fields = { case: caseId, evidence: '店舗のレジの控えと一致（電話で確認）' };
      const approvalId = await propose(stage, 'call_centre', { act: 'decide_case', fields, reason: 'shop_confirmed' });
      if (!step.waits) await approve(stage, approvalId);
    }
  }
}
