import type { Trx } from '#db/database';
import { appendEntry } from '#db/ledger';
import { listCodes, walkRedemption } from '#db/redemptions';
import type { Redemption } from '#db/schema';
import { returnedLegs } from '../../domain/ledger';
import { rollUp, wayTo } from '../../domain/redemption';
import { sumYen, type Yen } from '../../domain/yen';
import type { Portal } from '../../portal';

/**
 * Gives the yen of a redemption's surely failed codes back to the grant and brings its state in line. Runs behind
 * the locks of grant and redemption. @returns how much went back
 */
export async function returnFailed(
  portal: Pick<Portal, 'crypto'>,
  trx: Trx,
  what: { redemption: Redemption; actor: string; reason: string; approvalId?: string; now: Date },
): Promise<Yen> {
  const { redemption, actor, reason, approvalId, now } = what;
  const codes = (await listCodes(trx, [redemption.id])).get(redemption.id) ?? [];
  const lost = codes.filter((code) => code.situation === 'failed');
  const freed = sumYen(lost.map((code) => code.yen));
  await appendEntry(
    trx,
    {
      id: portal.crypto.newId(now),
      campaignId: redemption.campaign_id,
      kind: 'returned',
      grantId: redemption.grant_id,
      redemptionId: redemption.id,
      approvalId,
      actor,
      reason,
      at: now,
    },
    returnedLegs({ grantId: redemption.grant_id, redemptionId: redemption.id, provider: redemption.provider }, freed),
  );
  for (const code of lost) {
    await trx.updateTable('codes').set({ returned_at: now }).where('id', '=', code.id).execute();
  }
  const state = rollUp(codes.map((code) => (code.situation === 'failed' ? 'returned' : code.situation)));
  await walkRedemption(trx, redemption.id, wayTo(redemption.state, state), now);
  return freed;
}
