import type { StandingClock } from '~/clock';
import type { Portal } from '~/portal';
import { issueCode } from '~/services/issue-code';
import { requestRedemption } from '~/services/request-redemption';
import { revealCode } from '~/services/reveal-code';

/** A redemption of the demo's past: the whole of a grant by one provider. */
export interface PastRedemption {
  readonly grantId: string;
  readonly provider: string;
  readonly yen: bigint;
  /** How often the provider is asked for each code. */
  readonly attempts: number;
  /** Whether its recipient looked at the codes. */
  readonly looks: boolean;
}

/** Chooses, issues and shows as a recipient and the worker would, beginning at the clock's moment. */
export async function redeemAll(
  { portal, clock }: { portal: Portal; clock: StandingClock },
  { grantId, provider, yen, attempts, looks }: PastRedemption,
): Promise<void> {
  const requested = await requestRedemption(portal, { grantId, requestKey: portal.crypto.newKey(), choices: [{ provider, yen }] });
  if (requested.kind !== 'accepted') return;
  const codes = await portal.db.selectFrom('codes').select('id').where('redemption_id', 'in', requested.redemptionIds).execute();
  for (const { id } of codes) {
    for (let attempt = 0; attempt < attempts; attempt += 1) {
      clock.advance(4_000);
      await issueCode(portal, { codeId: id }, { wait: async () => {} });
    }
    if (!looks) continue;
    clock.advance(60_000);
    await revealCode(portal, { grantId, codeId: id, wait: async () => {} });
  }
}
