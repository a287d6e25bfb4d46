import { findCampaign } from '#db/campaigns';
import { planOf } from '~/domain/wave-plan';
import { feedWaves } from '~/services/feed-waves';
import { followClaims } from '~/services/follow-claims';
import { planWave } from '~/services/plan-wave';
import { sendMessage } from '~/services/send-message';
import { startWave } from '~/services/start-wave';
import { CAMPAIGN, expectKind, type Happening, on, type Stage } from './stage';

/** The wave to applicants: started on the first day of its days, followed until they are over. */
export function sendingHappenings(): Happening[] {
  const days = ['04-28 09:05', '04-28 09:25', '05-02 10:00', '05-08 10:00', '05-09 10:00', '05-11 09:30'];
  return [{ at: on('04-27 16:00'), happen: start }, ...days.map((at) => ({ at: on(at), happen: send }))];
}

async function start({ portal, staff }: Stage): Promise<void> {
  const campaign = await findCampaign(portal.db, CAMPAIGN);
  if (!campaign) throw new Error("the demo's programme is gone");
  const terms = { ...campaign, now: portal.clock.now() };
  const actor = `staff:${staff.operator.id}`;
  const planned = await planWave(portal, { campaignId: CAMPAIGN, plan: planOf({ group: 'claim', purpose: 'invitation' }, terms), actor });
  await startWave(portal, { campaignId: CAMPAIGN, number: expectKind(planned, 'planned').number, actor });
}

/** Queues and sends what may go now, as the worker would; the claims follow their links. */
async function send({ portal, sending }: Stage): Promise<void> {
  while ((await feedWaves(portal)) > 0);
  const queued = await portal.db.selectFrom('messages').select('id').where('state', '=', 'queued').orderBy('id').execute();
  for (const { id } of queued) await sendMessage(portal, { messageId: id }, { sending });
  await followClaims(portal);
}
