import { appendAudit } from '#db/audit';
import { getResidual, lockGrant } from '#db/grants';
import { inTransaction } from '#db/transaction';
import { isBeforeDeadline, isFrozen } from '../domain/deadline';
import type { Choice } from '../domain/offer';
import { type Refusal, refuse } from '../domain/refusal';
import type { Portal } from '../portal';
import { findReplay, isRequestKey, type RedemptionAccepted, takeChoices } from './parts/choices';

/**
 * Takes a recipient's confirmed choice: one transaction locks the grant, decides, sets the yen aside and
 * queues the issuing. The request key makes a repeated confirmation harmless.
 * @returns the redemptions, or why nothing was taken: not_found, closed, frozen, nothing_left,
 *   request_key_invalid, request_key_reused or a reason of `decideAllocation`
 */
export async function requestRedemption(
  portal: Portal,
  { grantId, requestKey, choices }: { grantId: string; requestKey: string; choices: readonly Choice[] },
): Promise<RedemptionAccepted | Refusal> {
  if (!isRequestKey(requestKey)) return refuse('request_key_invalid');
  return inTransaction(portal.db, async (trx) => {
    const grant = await lockGrant(trx, grantId);
    if (!grant) return refuse('not_found');
    // A replay is answered before the deadline is looked at: what was accepted stays accepted.
    const replay = await findReplay(trx, { grantId, requestKey, choices });
    if (replay) return replay;
    // The clock is read behind the lock: who waited past the deadline is too late.
    const now = portal.clock.now();
    if (!isBeforeDeadline(now, grant.deadline_at)) return refuse('closed');
    if (isFrozen(now, grant.frozen_at, grant.frozen_until)) return refuse('frozen');
    const residual = await getResidual(trx, grantId);
    if (residual === 0n) return refuse('nothing_left');
    const taken = await takeChoices(portal, trx, { grant, requestKey, choices, residual, acceptedAt: now, now, replacesId: null });
    if (taken.kind === 'refused') return taken;
    await appendAudit(trx, {
      id: portal.crypto.newId(now),
      campaignId: grant.campaign_id,
      at: now,
      actor: 'recipient',
      act: 'redemption.request',
      subjectKind: 'grant',
      subjectId: grant.id,
      detail: Object.fromEntries(choices.map((choice) => [choice.provider, Number(choice.yen)])),
    });
    return { kind: 'accepted', redemptionIds: taken.redemptionIds, replayed: false };
  });
}
