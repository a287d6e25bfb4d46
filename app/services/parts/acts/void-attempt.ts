import { lockSlot } from '#db/issuances';
import { appendEntry } from '#db/ledger';
import { listCodes, walkRedemption } from '#db/redemptions';
import { voidedLegs } from '../../../domain/ledger';
import { rollUp, wayTo } from '../../../domain/redemption';
import { type ActContext, type ActLeave, actorOf } from './act';

/**
 * Makes an issued code void and lets the next attempt follow, in one transaction: the attempt, its yen (back from
 * issued to set aside), the redemption's state, the job. The order is the guard: nothing is asked of a provider
 * before the old code counts as void.
 */
export async function voidAttempt(
  { portal, trx, now }: Pick<ActContext, 'portal' | 'trx' | 'now'>,
  what: { codeId: string; issuanceId: string; reason: 'cancelled' | 'proven_bad'; leave: ActLeave },
): Promise<void> {
  const slot = await lockSlot(trx, what.codeId);
  if (!slot) throw new Error(`code ${what.codeId} is gone`);
  const { code, redemption } = slot;
  const { approvalId, staffId, reason } = what.leave;
  const [voided] = await trx
    .updateTable('issuances')
    .set({ state: 'voided', voided_by: approvalId, void_reason: what.reason, voided_at: now })
    .where('id', '=', what.issuanceId)
    .where('code_id', '=', code.id)
    .where('state', '=', 'issued')
    .execute();
  if (voided?.numUpdatedRows !== 1n) throw new Error(`attempt ${what.issuanceId} is not the code's issued one`);
  await appendEntry(
    trx,
    {
      id: portal.crypto.newId(now),
      campaignId: redemption.campaign_id,
      kind: 'voided',
      grantId: redemption.grant_id,
      redemptionId: redemption.id,
      codeId: code.id,
      approvalId,
      actor: actorOf(staffId),
      reason,
      at: now,
    },
    voidedLegs({ grantId: redemption.grant_id, redemptionId: redemption.id, provider: redemption.provider }, code.yen),
  );
  const codes = (await listCodes(trx, [redemption.id])).get(redemption.id) ?? [];
  await walkRedemption(trx, redemption.id, wayTo(redemption.state, rollUp(codes.map((each) => each.situation))), now);
  await portal.enqueue(trx, { name: 'issue-code', provider: redemption.provider, codeId: code.id, delayMs: 0 });
}
