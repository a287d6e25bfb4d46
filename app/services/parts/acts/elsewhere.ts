import { listOffers } from '#db/offers';
import { lockRedemption } from '#db/redemptions';
import { type ActPlan, type ActRefusal, type RedemptionFacts, refuseAct, yenOf } from '../../../domain/acts';
import { decideAllocation } from '../../../domain/offer';
import { takeChoices } from '../choices';
import { returnFailed } from '../return-failed';
import { type ActContext, type ActInput, type ActLeave, actorOf } from './act';

/**
 * A failed redemption at another provider, as the recipient asked on the telephone: the failed yen go back and are
 * chosen anew whole, with the instant at which they were accepted first. How the recipient agreed is recorded.
 */
export async function planElsewhere(
  { trx, person, now }: ActContext,
  { fields }: ActInput,
  redemption: RedemptionFacts,
): Promise<ActPlan | ActRefusal> {
  const provider = fields.provider ?? '';
  const consent = (fields.consent ?? '').trim();
  if (consent.length < 5) return refuseAct('consent_missing', 'consent');
  const yen = yenOf('reissue', person, redemption);
  const offers = await listOffers(trx, { campaignId: person.campaignId, now });
  if (!offers.some((offer) => offer.provider === provider)) return refuseAct('provider_unknown', 'provider');
  if (decideAllocation(yen, [{ provider, yen }], offers).kind === 'refused') return refuseAct('provider_cannot', 'provider');
  return {
    input: { redemption: redemption.id, provider, consent: consent.slice(0, 200) },
    yen: Number(yen),
    before: { state: redemption.state, provider: redemption.provider },
    after: { state: 'requested', provider },
  };
}

/** Does it. @throws when it cannot be taken any more: the plan was made behind the same lock */
export async function chooseElsewhere(
  { portal, trx, grant, now }: ActContext,
  redemption: RedemptionFacts,
  plan: ActPlan,
  leave: ActLeave,
): Promise<void> {
  const failed = await lockRedemption(trx, redemption.id);
  if (!failed) throw new Error(`redemption ${redemption.id} is gone`);
  const actor = actorOf(leave.staffId);
  const { approvalId } = leave;
  const freed = await returnFailed(portal, trx, { redemption: failed, actor, reason: leave.reason, approvalId, now });
  const taken = await takeChoices(portal, trx, {
    grant,
    requestKey: `approval-${approvalId}`,
    choices: [{ provider: plan.input.provider ?? '', yen: freed }],
    residual: freed,
    acceptedAt: failed.accepted_at,
    now,
    replacesId: failed.id,
    by: { actor, approvalId },
  });
  if (taken.kind === 'refused') throw new Error(`chosen elsewhere, but ${taken.reason}`);
}
