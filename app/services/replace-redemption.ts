import { appendAudit } from '#db/audit';
import { getResidual, lockGrant } from '#db/grants';
import { lockRedemption } from '#db/redemptions';
import { inTransaction } from '#db/transaction';
import { isBeforeDeadline, isFrozen } from '../domain/deadline';
import type { Choice } from '../domain/offer';
import { type Refusal, refuse } from '../domain/refusal';
import { sumYen } from '../domain/yen';
import type { Portal } from '../portal';
import { findReplay, isRequestKey, type RedemptionAccepted, takeChoices } from './parts/choices';
import { returnFailed } from './parts/return-failed';

/**
 * Lets a recipient choose anew what surely was not issued: in one transaction the failed codes' yen go
 * back to the grant and the new choice is taken. It counts as accepted when the failed one was, so it
 * also works after the deadline; then no more than the failed yen can be chosen.
 * @returns the new redemptions, or a refusal: not_found, not_failed, frozen, request_key_* or a reason of
 *   `decideAllocation`
 */
export async function replaceRedemption(
  portal: Portal,
  input: { grantId: string; redemptionId: string; requestKey: string; choices: readonly Choice[] },
): Promise<RedemptionAccepted | Refusal> {
  const { grantId, redemptionId, requestKey, choices } = input;
  if (!isRequestKey(requestKey)) return refuse('request_key_invalid');
  try {
    return await inTransaction(portal.db, async (trx) => {
      const grant = await lockGrant(trx, grantId);
      if (!grant) return refuse('not_found');
      const replay = await findReplay(trx, { grantId, requestKey, choices });
      if (replay) return replay;
      const now = portal.clock.now();
      const failed = await lockRedemption(trx, redemptionId);
      if (!failed || failed.grant_id !== grantId) return refuse('not_found');
      if (failed.state !== 'failed') return refuse('not_failed');
      if (isFrozen(now, grant.frozen_at, grant.frozen_until)) return refuse('frozen');

      const freed = await returnFailed(portal, trx, { redemption: failed, actor: 'recipient', reason: 'chosen anew', now });
      const open = isBeforeDeadline(now, grant.deadline_at);
      const rest = freed - sumYen(choices.map((choice) => choice.yen));
      // After the deadline nothing can be chosen later, so a rest would be lost.
      if (!open && rest > 0n) throw new Undo(refuse('rest_unredeemable', { yen: rest }));
      const residual = open ? await getResidual(trx, grantId) : freed;
      const taken = await takeChoices(portal, trx, {
        grant,
        requestKey,
        choices,
        residual,
        acceptedAt: failed.accepted_at,
        now,
        replacesId: failed.id,
      });
      if (taken.kind === 'refused') throw new Undo(taken);
      await appendAudit(trx, {
        id: portal.crypto.newId(now),
        campaignId: grant.campaign_id,
        at: now,
        actor: 'recipient',
        act: 'redemption.replace',
        subjectKind: 'redemption',
        subjectId: failed.id,
        detail: Object.fromEntries(choices.map((choice) => [choice.provider, Number(choice.yen)])),
      });
      return { kind: 'accepted', redemptionIds: taken.redemptionIds, replayed: false };
    });
  } catch (error) {
    if (error instanceof Undo) return error.refusal;
    throw error;
  }
}

/** A refusal after yen were moved must undo the move: it leaves the transaction as an exception. */
class Undo extends Error {
  constructor(readonly refusal: Refusal) {
    super(refusal.reason);
  }
}
