import { setTimeout as wait } from 'node:timers/promises';
import { sql } from 'kysely';
import type { StandInServer } from '#adapters/providers/stand-in-server';
import type { StagedRedemption } from '#db/seed';
import type { Portal } from '~/portal';
import { issueCode } from '~/services/issue-code';
import { requestRedemption } from '~/services/request-redemption';
import { revealCode } from '~/services/reveal-code';

/** What each situation ends as, and the fault that brings it about. */
const SITUATIONS = {
  redeemed: { state: 'issued', fault: null },
  in_doubt: { state: 'in_doubt', fault: 'error_after' },
  failed: { state: 'failed', fault: 'rejected' },
  doubt_amazon: { state: 'in_doubt', fault: 'error_after' },
  reported_used: { state: 'issued', fault: null },
} as const;

/**
 * Brings about one situation through the services, before any worker runs: the whole residual is chosen, the
 * stand-in misbehaves as it must, and the code is issued here.
 * @throws when it does not end as wanted
 */
export async function stageRedemption(portal: Portal, standIns: StandInServer, staged: StagedRedemption): Promise<void> {
  const { state, fault } = SITUATIONS[staged.key];
  if (fault) standIns.standIn(staged.provider).fault(fault);
  const choices = [{ provider: staged.provider, yen: staged.yen }];
  const requested = await requestRedemption(portal, { grantId: staged.grantId, requestKey: portal.crypto.newKey(), choices });
  if (requested.kind !== 'accepted') throw new Error(`the demo cannot redeem: ${requested.reason}`);
  const redemptionId = requested.redemptionIds[0] ?? '';

  const codes = await portal.db.selectFrom('codes').select('id').where('redemption_id', '=', redemptionId).execute();
  for (const { id } of codes) await issueCode(portal, { codeId: id }, { wait: async (ms) => void (await wait(ms)) });
  if (state === 'in_doubt') {
    for (const { id } of codes) await leaveToPerson(portal, id);
  }

  // Whoever says that a code was used has seen it.
  if (staged.key === 'reported_used') {
    for (const { id } of codes) {
      await revealCode(portal, { grantId: staged.grantId, codeId: id, wait: async (ms) => void (await wait(ms)) });
    }
  }

  const redemption = await portal.db.selectFrom('redemptions').select('state').where('id', '=', redemptionId).executeTakeFirstOrThrow();
  if (redemption.state !== state) throw new Error(`the demo's situation ${staged.key} ended as ${redemption.state}`);
}

/** A doubt settles itself within a minute. This one stays, as if all automatic means were used up. */
async function leaveToPerson(portal: Portal, codeId: string): Promise<void> {
  await portal.db
    .updateTable('issuances')
    .set({ handed_over_at: portal.clock.now() })
    .where('code_id', '=', codeId)
    .where('state', '=', 'unknown')
    .execute();
  await sql`select graphile_worker.remove_job(${`issue-code:${codeId}`})`.execute(portal.db);
}
