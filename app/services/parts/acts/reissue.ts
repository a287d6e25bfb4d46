import { walkRedemption } from '#db/redemptions';
import {
  type ActPlan,
  type ActRefusal,
  failedCodes,
  issuedCode,
  type RedemptionFacts,
  refuseAct,
  whyNot,
  yenOf,
} from '../../../domain/acts';
import { rollUp, wayTo } from '../../../domain/redemption';
import { type Act, type ActContext, type ActInput, type ActLeave, findSubject, isRefusal } from './act';
import { chooseElsewhere, planElsewhere } from './elsewhere';
import { voidAttempt } from './void-attempt';

/**
 * A new code (再発行). What surely was not issued is tried anew, at the same provider or, with the recipient's
 * consent, at another one. A code that was issued must be void first: cancelled at its provider (a job asks), or
 * proven bad by evidence. Never two live codes.
 */
export const reissue: Act = { plan, carryOut };

async function plan(context: ActContext, input: ActInput): Promise<ActPlan | ActRefusal> {
  const { person, now } = context;
  const redemption = findSubject(person, input.fields);
  if (isRefusal(redemption)) return redemption;
  const no = whyNot('reissue', person, redemption, now);
  if (no) return refuseAct(no);
  if (failedCodes(redemption).length === 0) return planForIssued(context, input, redemption);
  const { provider } = input.fields;
  if (provider && provider !== redemption.provider) return planElsewhere(context, input, redemption);
  return {
    input: { redemption: redemption.id },
    yen: Number(yenOf('reissue', person, redemption)),
    before: {
      state: redemption.state,
      provider: redemption.provider,
      codes: failedCodes(redemption).length,
      // What failed once more meanwhile is another failure than the one that was looked into.
      attempt: failedCodes(redemption)
        .map(({ attempt }) => attempt?.id)
        .join(', '),
    },
    after: { state: 'issuing', provider: redemption.provider, codes: failedCodes(redemption).length },
  };
}

/** How the old code comes to be worthless before there is a new one. */
function planForIssued({ portal }: ActContext, { fields }: ActInput, redemption: RedemptionFacts): ActPlan | ActRefusal {
  const code = issuedCode(redemption, fields.code);
  if (!code?.attempt) return refuseAct('nothing_issued', 'code');
  const proven = fields.void === 'proven_bad';
  const evidence = (fields.evidence ?? '').trim();
  if (proven && evidence.length < 5) return refuseAct('evidence_missing', 'evidence');
  // A bought code has nobody who could cancel it.
  const cancels = redemption.source === 'api' && portal.providers.get(redemption.provider)?.capabilities.cancel === true;
  if (!proven && !cancels) return refuseAct('cannot_cancel', 'void');
  return {
    input: {
      redemption: redemption.id,
      code: code.id,
      void: proven ? 'proven_bad' : 'cancelled',
      ...(proven && { evidence: evidence.slice(0, 500) }),
    },
    yen: Number(code.yen),
    before: { state: redemption.state, provider: redemption.provider, last4: code.attempt.last4, attempt: code.attempt.id },
    after: { state: 'issuing', provider: redemption.provider, void: proven ? 'proven_bad' : 'cancelled' },
  };
}

async function carryOut(context: ActContext, input: ActInput, made: ActPlan, leave: ActLeave): Promise<'done' | 'running'> {
  const { portal, trx, person, now } = context;
  const redemption = findSubject(person, input.fields);
  if (isRefusal(redemption)) throw new Error('planned for another redemption');
  if (made.input.code) {
    const code = redemption.codes.find(({ id }) => id === made.input.code);
    if (!code?.attempt) throw new Error('planned for another code');
    if (made.input.void === 'cancelled') {
      await portal.enqueue(trx, { name: 'void-code', approvalId: leave.approvalId, delayMs: 0 });
      return 'running';
    }
    await voidAttempt(context, { codeId: code.id, issuanceId: code.attempt.id, reason: 'proven_bad', leave });
    return 'done';
  }
  if (made.input.provider) {
    await chooseElsewhere(context, redemption, made, leave);
    return 'done';
  }
  const lost = failedCodes(redemption);
  for (const { attempt } of lost) {
    await trx
      .updateTable('issuances')
      .set({ reopened_by: leave.approvalId })
      .where('id', '=', attempt?.id ?? '')
      .execute();
  }
  const situations = redemption.codes.map((code) => (code.situation === 'failed' ? 'waiting' : code.situation));
  await walkRedemption(trx, redemption.id, wayTo(redemption.state, rollUp(situations)), now);
  for (const code of lost) {
    await portal.enqueue(trx, { name: 'issue-code', provider: redemption.provider, codeId: code.id, delayMs: 0 });
  }
  return 'done';
}
