import type { Trx } from '#db/database';
import { appendEntry } from '#db/ledger';
import { listCodes, walkRedemption } from '#db/redemptions';
import type { Code, Redemption } from '#db/schema';
import { newAttemptDelayMs } from '../../domain/issuing';
import { issuedLegs } from '../../domain/ledger';
import { rollUp, triesAgain, wayTo } from '../../domain/redemption';
import type { Portal } from '../../portal';

/** What both sources of codes (API and stock) do when an attempt has been settled; runs in its transaction. */

/** Everything about one code slot that issuing needs, behind the locks of its grant and redemption. */
export interface LockedSlot {
  readonly code: Code;
  readonly redemption: Redemption;
}

/** Posts an issued code: its yen leave pending. */
export async function postIssued(portal: Portal, trx: Trx, { code, redemption }: LockedSlot, now: Date): Promise<void> {
  await appendEntry(
    trx,
    {
      id: portal.crypto.newId(now),
      campaignId: redemption.campaign_id,
      kind: 'issued',
      grantId: redemption.grant_id,
      redemptionId: redemption.id,
      codeId: code.id,
      actor: 'worker',
      at: now,
    },
    issuedLegs({ grantId: redemption.grant_id, redemptionId: redemption.id, provider: redemption.provider }, code.yen),
  );
}

/** Brings the redemption's state in line with its codes and queues a new attempt where one is due. */
export async function finishStep(portal: Portal, trx: Trx, { code, redemption }: LockedSlot, now: Date): Promise<void> {
  const codes = (await listCodes(trx, [redemption.id])).get(redemption.id) ?? [];
  await walkRedemption(trx, redemption.id, wayTo(redemption.state, rollUp(codes.map((each) => each.situation))), now);
  const attempts = codes.find((each) => each.id === code.id)?.attempts ?? [];
  const reason = attempts.at(-1)?.reason;
  if (reason && triesAgain(attempts)) {
    const abilities = portal.providers.get(redemption.provider)?.capabilities;
    await portal.enqueue(trx, {
      name: 'issue-code',
      provider: redemption.provider,
      codeId: code.id,
      delayMs: abilities ? newAttemptDelayMs(reason, attempts.length, abilities) : 0,
    });
  }
}
