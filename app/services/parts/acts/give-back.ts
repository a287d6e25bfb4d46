import { lockRedemption } from '#db/redemptions';
import { refuseAct, whyNot, yenOf } from '../../../domain/acts';
import { returnFailed } from '../return-failed';
import { type Act, actorOf, findSubject, isRefusal } from './act';

/** Cancels what surely was not issued: its yen return to the grant, and the recipient can choose again (返却). */
export const giveBack: Act = {
  async plan({ person, now }, { fields }) {
    const redemption = findSubject(person, fields);
    if (isRefusal(redemption)) return redemption;
    const no = whyNot('give_back', person, redemption, now);
    if (no) return refuseAct(no);
    const yen = yenOf('give_back', person, redemption);
    return {
      input: { redemption: redemption.id },
      yen: Number(yen),
      before: { state: redemption.state, provider: redemption.provider, residual: Number(person.residualYen) },
      after: { residual: Number(person.residualYen + yen) },
    };
  },
  async carryOut({ portal, trx, now }, _input, plan, leave) {
    const redemption = await lockRedemption(trx, plan.input.redemption ?? '');
    if (!redemption) throw new Error('planned for another redemption');
    const { staffId, reason, approvalId } = leave;
    await returnFailed(portal, trx, { redemption, actor: actorOf(staffId), reason, approvalId, now });
    return 'done';
  },
};
