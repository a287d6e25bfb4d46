import { listCodes, lockRedemption, walkRedemption } from '#db/redemptions';
import { doubtfulCodes, refuseAct, whyNot, yenOf } from '../../../domain/acts';
import { rollUp, wayTo } from '../../../domain/redemption';
import { type Act, findSubject, isRefusal } from './act';

/**
 * Ends a doubt by evidence that nothing was issued, or that the provider voided what was: the attempts count as
 * declined and the redemption as failed. Evidence that a code was issued is not taken here: the provider is asked
 * again by key and gives the code itself.
 */
export const settleDoubt: Act = {
  async plan({ person, now }, { fields }) {
    const redemption = findSubject(person, fields);
    if (isRefusal(redemption)) return redemption;
    const no = whyNot('settle_doubt', person, redemption, now);
    if (no) return refuseAct(no);
    const evidence = (fields.evidence ?? '').trim();
    if (evidence.length < 5) return refuseAct('evidence_missing', 'evidence');
    const doubts = doubtfulCodes(redemption);
    return {
      input: { redemption: redemption.id, evidence: evidence.slice(0, 500) },
      yen: Number(yenOf('settle_doubt', person, redemption)),
      before: {
        state: redemption.state,
        provider: redemption.provider,
        // Who was asked again meanwhile is another doubt than the one that was looked into.
        calls: doubts.map(({ attempt }) => `${attempt?.id} ${attempt?.calls}`).join(', '),
      },
      after: { state: 'failed', provider: redemption.provider },
    };
  },
  async carryOut({ trx, person, now }, input, plan, leave) {
    const redemption = findSubject(person, { ...input.fields, redemption: plan.input.redemption ?? '' });
    if (isRefusal(redemption)) throw new Error('planned for another redemption');
    await lockRedemption(trx, redemption.id);
    for (const { attempt } of doubtfulCodes(redemption)) {
      const [settled] = await trx
        .updateTable('issuances')
        .set({
          state: 'declined',
          reason: 'rejected',
          detail: 'evidence',
          settled_by: leave.approvalId,
          settled_at: now,
          leased_until: null,
        })
        .where('id', '=', attempt?.id ?? '')
        .where('state', '=', 'unknown')
        .execute();
      if (settled?.numUpdatedRows !== 1n) throw new Error('the doubt is settled already');
    }
    const codes = (await listCodes(trx, [redemption.id])).get(redemption.id) ?? [];
    await walkRedemption(trx, redemption.id, wayTo(redemption.state, rollUp(codes.map((each) => each.situation))), now);
    return 'done';
  },
};
