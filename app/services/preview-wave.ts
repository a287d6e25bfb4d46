import { findCampaign } from '#db/campaigns';
import { findText } from '#db/message-texts';
import { listGroup, type PlannedPerson } from '#db/wave-reports';
import type { MessageChannel } from '../domain/message';
import { segments } from '../domain/segments';
import { estimateEnd, hourlyLimit, type LeftOut, reminderDays, type WavePlan } from '../domain/wave';
import { writeMessage } from '../messages/own-text';
import { sampleFacts } from '../messages/sample';
import type { Portal } from '../portal';
import { reachesOf, readContact } from './parts/reach';

/** What a wave would do, if it were started now. */
export interface WavePreview {
  readonly people: number;
  readonly messages: Readonly<Record<MessageChannel, number>>;
  readonly smsSegments: number;
  /** Null where the campaign says nothing of the price of an SMS. */
  readonly smsYen: number | null;
  readonly leftOut: Readonly<Record<LeftOut | 'no_address' | 'unreadable', number>>;
  /** The busiest receivers among the mails. */
  readonly domains: readonly { readonly domain: string; readonly messages: number }[];
  /** Of reminders, the days on which one goes to each, the next first: what is counted is one day's. Null for invitations. */
  readonly reminderDays: readonly string[] | null;
  /** When the last (of reminders: of the next day) would be queued at these limits and hours; null: not within the days, or nothing to send. */
  readonly endsAt: Date | null;
}

const BATCH = 2_000;
const DOMAINS = 10;

/** Counts what a plan would send, and to whom it cannot. Nothing is written. @returns null when there is no such campaign */
export async function previewWave(
  portal: Pick<Portal, 'db' | 'clock' | 'crypto' | 'log'>,
  { campaignId, plan, publicUrl, channelPerHour }: { campaignId: string; plan: WavePlan; publicUrl: string; channelPerHour: number | null },
  { signal, onProgress }: { signal?: AbortSignal; onProgress?(done: number): void } = {},
): Promise<WavePreview | null> {
  const { db, clock } = portal;
  const campaign = await findCampaign(db, campaignId);
  if (!campaign) return null;
  const { settings } = campaign;
  const now = clock.now();
  const of = { settings, purpose: plan.purpose, language: 'ja', publicUrl } as const;
  const own = (await findText(db, { ...of, campaignId, channel: 'sms' }))?.text ?? null;
  const leftOut = { invited: 0, finished: 0, late: 0, frozen: 0, opted_out: 0, no_address: 0, unreadable: 0 };
  const messages = { mail: 0, sms: 0 };
  const domains = new Map<string, number>();
  let people = 0;
  let smsSegments = 0;
  let after: string | null = null;
  do {
    signal?.throwIfAborted();
    const { group, purpose } = plan;
    const batch: PlannedPerson[] = await listGroup(db, { campaignId, group, purpose, now, after, limit: BATCH });
    after = batch.length === BATCH ? (batch.at(-1)?.grantId ?? null) : null;
    people += batch.length;
    for (const person of batch) {
      if (person.leftOut !== null) {
        leftOut[person.leftOut] += 1;
        continue;
      }
      const contact = readContact(portal, person);
      const [to] = reachesOf(contact, person);
      if (!to) {
        leftOut[contact ? 'no_address' : 'unreadable'] += 1;
        continue;
      }
      messages[to.channel] += 1;
      if (to.channel === 'sms')
        smsSegments += segments(
          writeMessage(sampleFacts({ ...person, name: to.name, yen: person.residualYen }, of), 'sms', own).text,
        ).segments;
      else {
        const domain = to.address.slice(to.address.lastIndexOf('@') + 1).toLowerCase();
        domains.set(domain, (domains.get(domain) ?? 0) + 1);
      }
    }
    onProgress?.(people);
  } while (after !== null);
  // How fast the channel itself goes may not be known here; without any limit there is no honest estimate.
  const isTimed = channelPerHour !== null || plan.perHour !== null || plan.warmUp.length > 0;
  const price = settings.smsSegmentYen;
  const days = plan.purpose === 'reminder' ? reminderDays(now, campaign.redeemUntil, plan.hours) : null;
  // One round of reminders is over on its day.
  const hours = days === null ? plan.hours : { ...plan.hours, fromOn: days[0] ?? plan.hours.fromOn, untilOn: days[0] ?? plan.hours.fromOn };
  return {
    people,
    messages,
    smsSegments,
    smsYen: price === undefined ? null : Math.ceil(smsSegments * price),
    leftOut,
    domains: [...domains]
      .map(([domain, count]) => ({ domain, messages: count }))
      .sort((a, b) => b.messages - a.messages)
      .slice(0, DOMAINS),
    reminderDays: days,
    endsAt:
      !isTimed || days?.length === 0 || messages.mail + messages.sms === 0
        ? null
        : estimateEnd(now, messages.mail + messages.sms, {
            hours,
            limitAt: (at) =>
              Math.min(
                hourlyLimit(at, { startedAt: now, ...plan }) ?? Number.POSITIVE_INFINITY,
                channelPerHour ?? Number.POSITIVE_INFINITY,
              ),
          }),
  };
}
