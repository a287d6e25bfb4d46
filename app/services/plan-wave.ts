import { findLastDeadline } from '#db/campaigns';
import { inTransaction } from '#db/transaction';
import { lockWaveNumbers } from '#db/waves';
import { lastMoment } from '../domain/deadline';
import { japanDay } from '../domain/japan-time';
import type { WavePlan } from '../domain/wave';
import type { Portal } from '../portal';
import { auditWave } from './parts/wave-act';

export type PlannedWave =
  | { readonly kind: 'planned'; readonly waveId: string; readonly number: number }
  | { readonly kind: 'refused'; readonly reason: 'campaign_unknown' | 'past_deadline' };

/** Writes a wave down as planned. It sends nothing before it is started. */
export async function planWave(
  portal: Pick<Portal, 'db' | 'clock' | 'crypto'>,
  { campaignId, plan, actor }: { campaignId: string; plan: WavePlan; actor: string },
): Promise<PlannedWave> {
  return inTransaction(portal.db, async (trx) => {
    // The campaign is there for good; its number is counted up under a lock that nobody else asks for.
    const deadline = await findLastDeadline(trx, campaignId);
    if (!deadline) return { kind: 'refused', reason: 'campaign_unknown' };
    if (plan.hours.untilOn > japanDay(lastMoment(deadline))) return { kind: 'refused', reason: 'past_deadline' };
    await lockWaveNumbers(trx, campaignId);
    const now = portal.clock.now();
    const id = portal.crypto.newId(now);
    const { last } = await trx
      .selectFrom('waves')
      .where('campaign_id', '=', campaignId)
      .select((eb) => eb.fn.max('number').as('last'))
      .executeTakeFirstOrThrow();
    const number = (last ?? 0) + 1;
    await trx
      .insertInto('waves')
      .values({
        id,
        campaign_id: campaignId,
        number,
        sending_group: plan.group,
        purpose: plan.purpose,
        state: 'planned',
        from_on: plan.hours.fromOn,
        until_on: plan.hours.untilOn,
        first_hour: plan.hours.firstHour,
        end_hour: plan.hours.endHour,
        per_hour: plan.perHour,
        domain_per_hour: JSON.stringify(plan.domainPerHour),
        warm_up: [...plan.warmUp],
        made_by: actor,
        made_at: now,
        state_at: now,
      })
      .execute();
    await auditWave(portal, trx, { wave: { id, campaign_id: campaignId, number, queued: 0 }, actor, act: 'wave.planned', now });
    return { kind: 'planned', waveId: id, number };
  });
}
