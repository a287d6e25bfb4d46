import { findCampaign } from '#db/campaigns';
import type { Wave } from '#db/tables/waves';
import { countUninvited, countWave, listForgotten, listWaves, type WaveCount } from '#db/wave-reports';
import { japanDay } from '../domain/japan-time';
import {
  estimateEnd,
  hourlyLimit,
  hoursOf,
  reminderDays,
  type SendingGroup,
  type WavePurpose,
  type WaveState,
  type WaveWait,
} from '../domain/wave';
import type { Portal } from '../portal';

/** A wave and how far it has come. */
export interface WaveReport {
  readonly id: string;
  readonly campaignId: string;
  readonly number: number;
  readonly group: SendingGroup;
  readonly purpose: WavePurpose;
  readonly state: WaveState;
  readonly waitsFor: WaveWait | null;
  readonly fromOn: string;
  readonly untilOn: string;
  readonly firstHour: number;
  readonly endHour: number;
  readonly perHour: number | null;
  /** What holds at this moment, with the warm-up. */
  readonly perHourNow: number | null;
  readonly domainPerHour: Readonly<Record<string, number>>;
  readonly warmUp: readonly number[];
  readonly madeBy: string;
  readonly madeAt: Date;
  readonly startedAt: Date | null;
  readonly stateAt: Date;
  readonly counts: readonly WaveCount[];
  /** Messages that went out, or may have. */
  readonly sent: number;
  /** Messages in the queue or on their way. */
  readonly open: number;
  /** People of its group who were not invited and are in no queue, whatever its state; null for reminders, whose days come by themselves. */
  readonly left: number | null;
  /** The days on which its reminders still go out, the next first; null for invitations. */
  readonly reminderDays: readonly string[] | null;
  /** When the last would be queued, at the present limits and hours; null: not within its days, it does not run, or nobody knows how fast. */
  readonly endsAt: Date | null;
}

/** The waves of a campaign with their counts. */
export async function listWaveReports(
  { db, clock }: Pick<Portal, 'db' | 'clock'>,
  { campaignId, channelPerHour }: { campaignId: string; channelPerHour: number | null },
): Promise<WaveReport[]> {
  const now = clock.now();
  const reports: WaveReport[] = [];
  const redeemUntil = (await findCampaign(db, campaignId))?.redeemUntil ?? now;
  const left = new Map<SendingGroup, number>();
  for (const wave of await listWaves(db, campaignId)) {
    const group = wave.sending_group;
    if (wave.purpose === 'invitation' && !left.has(group)) left.set(group, await countUninvited(db, { campaignId, group, now }));
    reports.push(
      await reportOf(db, wave, {
        now,
        redeemUntil,
        channelPerHour,
        left: wave.purpose === 'invitation' ? (left.get(group) ?? null) : null,
      }),
    );
  }
  return reports;
}

/** People of a programme who were never invited though sending has begun, by group, where no wave is going to invite them. */
export async function findUninvited(
  { db, clock }: Pick<Portal, 'db' | 'clock'>,
  campaignId: string,
): Promise<{ readonly group: SendingGroup; readonly people: number }[]> {
  const now = clock.now();
  const found = await listForgotten(db, { campaigns: [campaignId], now, today: japanDay(now) });
  return found.map(({ group, people }) => ({ group, people }));
}

/** One wave by its number; null when there is none. */
export async function findWaveReport(
  portal: Pick<Portal, 'db' | 'clock'>,
  query: { campaignId: string; number: number; channelPerHour: number | null },
): Promise<WaveReport | null> {
  const { db, clock } = portal;
  const { campaignId, channelPerHour } = query;
  const now = clock.now();
  const wave = (await listWaves(db, campaignId)).find(({ number }) => number === query.number);
  const campaign = await findCampaign(db, campaignId);
  if (!wave || !campaign) return null;
  const left = wave.purpose === 'invitation' ? await countUninvited(db, { campaignId, group: wave.sending_group, now }) : null;
  return reportOf(db, wave, { now, redeemUntil: campaign.redeemUntil, channelPerHour, left });
}

const OPEN: readonly string[] = ['queued', 'sending', 'soft_failed'];

async function reportOf(
  db: Portal['db'],
  wave: Wave,
  { now, redeemUntil, channelPerHour, left }: { now: Date; redeemUntil: Date; channelPerHour: number | null; left: number | null },
): Promise<WaveReport> {
  const counts = await countWave(db, wave.id);
  const sum = (wanted: (count: WaveCount) => boolean) => counts.filter(wanted).reduce((total, { messages }) => total + messages, 0);
  const open = sum(({ state }) => OPEN.includes(state));
  const limit = (at: Date) => hourlyLimit(at, { startedAt: wave.started_at, perHour: wave.per_hour, warmUp: wave.warm_up });
  const limitAt = (at: Date) => Math.min(limit(at) ?? Number.POSITIVE_INFINITY, channelPerHour ?? Number.POSITIVE_INFINITY);
  // Without a limit of either there is no honest estimate.
  const isTimed = wave.state === 'running' && left !== null && (channelPerHour !== null || limit(now) !== null);
  return {
    id: wave.id,
    campaignId: wave.campaign_id,
    number: wave.number,
    group: wave.sending_group,
    purpose: wave.purpose,
    state: wave.state,
    waitsFor: wave.state === 'running' ? wave.waits_for : null,
    fromOn: wave.from_on,
    untilOn: wave.until_on,
    firstHour: wave.first_hour,
    endHour: wave.end_hour,
    perHour: wave.per_hour,
    perHourNow: limit(now),
    domainPerHour: wave.domain_per_hour,
    warmUp: wave.warm_up,
    madeBy: wave.made_by,
    madeAt: wave.made_at,
    startedAt: wave.started_at,
    stateAt: wave.state_at,
    counts,
    sent: sum(({ state }) => ['sent', 'accepted', 'delivered', 'complained', 'unknown'].includes(state)),
    open,
    left,
    reminderDays: wave.purpose !== 'reminder' ? null : isOver(wave) ? [] : reminderDays(now, redeemUntil, hoursOf(wave, now)),
    endsAt: isTimed ? estimateEnd(now, left + open, { hours: hoursOf(wave, now), limitAt }) : null,
  };
}

function isOver({ state }: Wave): boolean {
  return state === 'stopped' || state === 'done' || state === 'over';
}
