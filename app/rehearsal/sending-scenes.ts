import type { CampaignFile, CampaignSettings } from '../domain/campaign';
import { exclusiveDeadline, lastMoment } from '../domain/deadline';
import { japanMidnight } from '../domain/japan-time';
import { REMINDER_STEPS, SENDING_GROUPS, type SendingGroup, type WavePurpose } from '../domain/wave';
import { planOf } from '../domain/wave-plan';
import { feedWaves } from '../services/feed-waves';
import { followClaims } from '../services/follow-claims';
import { planWave } from '../services/plan-wave';
import { sendMessage } from '../services/send-message';
import { startWave } from '../services/start-wave';
import { after, DAY_MS, HOUR_MS, type Played, type Scene, SECOND_MS } from './scene';
import type { Stage } from './stage';

/** Of the links: nothing leaves before a group's first hour, then everybody gets one, within the limits that are set. */
export function sendingScenes(campaign: CampaignFile): Scene[] {
  return SENDING_GROUPS.flatMap((group): Scene[] => {
    const own = campaign.sending?.[group];
    // Without claims nobody is in the group of applicants, whatever the settings still say of it.
    if (!own || (group === 'claim' && !campaign.claims)) return [];
    const from = new Date(`${own.from}T00:00:00+09:00`);
    const firstHour = planFor(campaign, group, from).hours.firstHour;
    return [
      { scene: 'sending_early', at: after(from, firstHour * HOUR_MS - SECOND_MS), play: (stage) => playEarly(stage, group) },
      { scene: 'sending', at: after(from, firstHour * HOUR_MS), play: (stage) => playSending(stage, group) },
    ];
  });
}

function planFor(campaign: CampaignFile, group: SendingGroup, now: Date, purpose: WavePurpose = 'invitation') {
  const redeemUntil = exclusiveDeadline(new Date(campaign.redeemUntil));
  return planOf({ group, purpose }, { settings: campaign as CampaignSettings, redeemUntil, now });
}

/** Plans a group's wave and starts it. */
async function start({ portal, campaign, campaignId }: Stage, group: SendingGroup, purpose?: WavePurpose): Promise<void> {
  const plan = planFor(campaign, group, portal.clock.now(), purpose);
  const planned = await planWave(portal, { campaignId, plan, actor: 'rehearsal' });
  if (planned.kind !== 'planned') throw new Error(`no wave could be planned: ${planned.reason}`);
  await startWave(portal, { campaignId, number: planned.number, actor: 'rehearsal' });
}

/** Queues and sends what may go at this instant. @returns how many went */
async function send({ portal, sending, took }: Stage): Promise<number> {
  const before = took.length;
  while ((await feedWaves(portal)) > 0);
  const queued = await portal.db.selectFrom('messages').select('id').where('state', '=', 'queued').execute();
  for (const { id } of queued) await sendMessage(portal, { messageId: id }, { sending, wait: async () => {} });
  return took.length - before;
}

/** Starts a wave for a group and sends what may go now. @returns how many went */
export async function sendWhatIsDue(stage: Stage, group: SendingGroup): Promise<number> {
  await start(stage, group);
  return send(stage);
}

async function playEarly(stage: Stage, group: SendingGroup): Promise<Played> {
  const sent = await sendWhatIsDue(stage, group);
  return { ok: sent === 0, facts: { group, sent } };
}

async function playSending(stage: Stage, group: SendingGroup): Promise<Played> {
  const { portal, campaign } = stage;
  const last = new Date(`${campaign.sending?.[group]?.until}T23:59:59+09:00`);
  let sent = await send(stage);
  // Where an hour's limit is small, the rest goes out in the next hours and days.
  while ((await listMissed(stage, group)).length > 0 && after(portal.clock.now(), HOUR_MS) < last) {
    portal.clock.advance(HOUR_MS);
    sent += await send(stage);
  }
  await followClaims(portal);
  const missed = (await listMissed(stage, group)).length;
  const twice = countTwice(stage);
  return { ok: missed === 0 && twice === 0 && sent > 0, facts: { group, sent, missed, twice } };
}

/** Who of a group has a grant and was sent no link. */
async function listMissed({ portal, campaignId }: Pick<Stage, 'portal' | 'campaignId'>, group: SendingGroup): Promise<string[]> {
  const rows = await portal.db
    .selectFrom('grants')
    .select('id')
    .where('campaign_id', '=', campaignId)
    .where('sending_group', '=', group)
    .where((eb) =>
      eb.not(
        eb.exists(
          eb
            .selectFrom('messages')
            .select('messages.id')
            .whereRef('messages.grant_id', '=', 'grants.id')
            .where('messages.state', '=', 'delivered'),
        ),
      ),
    )
    .execute();
  return rows.map(({ id }) => id);
}

/** Addresses that were sent more than one invitation. */
function countTwice({ took }: Stage): number {
  const invitations = took.filter(({ purpose }) => purpose === 'invitation').map(({ to }) => to);
  return invitations.length - new Set(invitations).size;
}

/** Whoever has not chosen two weeks before the deadline is reminded once, and nobody else. */
export function reminderScene(campaign: CampaignFile): Scene[] {
  const deadline = exclusiveDeadline(new Date(campaign.redeemUntil));
  const day = japanMidnight(after(lastMoment(deadline), -REMINDER_STEPS[0] * DAY_MS));
  const group = SENDING_GROUPS[0];
  const at = after(day, planFor(campaign, group, day).hours.firstHour * HOUR_MS);
  return [{ scene: 'reminders', at, play: playReminders }];
}

async function playReminders(stage: Stage): Promise<Played> {
  const { portal, campaignId } = stage;
  const invited = await listReminded(stage);
  for (const group of SENDING_GROUPS) await start(stage, group, 'reminder');
  let sent = await send(stage);
  // As for the links, an hour's limit may spread them over the day.
  for (let hours = 0; hours < 12 && sent < invited.length; hours += 1) {
    portal.clock.advance(HOUR_MS);
    sent += await send(stage);
  }
  const reminded = await portal.db
    .selectFrom('messages')
    .innerJoin('grants', 'grants.id', 'messages.grant_id')
    .where('grants.campaign_id', '=', campaignId)
    .where('messages.purpose', '=', 'reminder')
    .select('messages.grant_id')
    .execute();
  const twice = reminded.length - new Set(reminded.map(({ grant_id }) => grant_id)).size;
  const missed = invited.filter((id) => !reminded.some(({ grant_id }) => grant_id === id)).length;
  return { ok: missed === 0 && twice === 0, facts: { sent, missed, twice } };
}

/** Who is to be reminded: invited, and nothing chosen yet. */
async function listReminded({ portal, campaignId }: Stage): Promise<string[]> {
  const rows = await portal.db
    .selectFrom('grants')
    .select('id')
    .where('campaign_id', '=', campaignId)
    .where('id', 'not in', (eb) => eb.selectFrom('redemptions').select('grant_id'))
    .where((eb) =>
      eb.exists(
        eb.selectFrom('messages').select('messages.id').whereRef('messages.grant_id', '=', 'grants.id').where('purpose', '=', 'invitation'),
      ),
    )
    .execute();
  return rows.map(({ id }) => id);
}

/** When the last link of a programme may be out. */
export function lastLink({ sending = {} }: CampaignFile): Date | null {
  const ends = Object.values(sending).map(({ until }) => new Date(`${until}T23:59:59+09:00`).getTime());
  return ends.length === 0 ? null : after(new Date(Math.max(...ends)), DAY_MS / 2);
}
