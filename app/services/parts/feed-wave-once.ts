import type { Trx } from '#db/database';
import type { Wave } from '#db/tables/waves';
import { inTransaction } from '#db/transaction';
import {
  countOpen,
  countWaitingCodes,
  type DuePerson,
  dueOf,
  keepPaces,
  listFailedInvitations,
  listPaces,
  listUninvited,
  listUnreminded,
  takeWave,
} from '#db/waves';
import { lastMoment } from '../../domain/deadline';
import { japanDay } from '../../domain/japan-time';
import { dueReminders, hourlyLimit, hoursOf, openUntil, paceOf, reminderStep, type WaveWait } from '../../domain/wave';
import type { Portal } from '../../portal';
import { type DueMessage, queueMany } from './queue-many';
import { reachesOf, readContact } from './reach';

/** People are called no faster than codes can be issued. */
export const MOST_ISSUING_WAIT_MS = 600_000;
/** When nobody new is due, the list is gone through again after this. */
const TURN_PAUSE_MS = 60_000;
const REMINDER_PAUSE_MS = 600_000;

export interface FeedOptions {
  /** People looked at in one transaction. */
  readonly batch?: number;
  /** Messages that wait in the queue at most: so pausing, yielding and the end of the hours are felt soon. */
  readonly backlogMost?: number;
}

export interface Fed {
  readonly queued: number;
  /** Whether more could be queued at once. */
  readonly more: boolean;
}

const NOTHING: Fed = { queued: 0, more: false };

/**
 * Queues the next messages of a wave, in one transaction under the wave's lock: as many as its hours, its pace, the
 * queue and the issuing of codes let through. A crash anywhere loses or repeats nothing; stopping waits for it.
 */
export async function feedWaveOnce(
  portal: Portal,
  { waveId }: { waveId: string },
  { batch = 1_000, backlogMost = 2_000 }: FeedOptions = {},
): Promise<Fed> {
  return inTransaction(portal.db, async (trx) => {
    const wave = await takeWave(trx, waveId);
    if (!wave || (wave.state !== 'running' && wave.state !== 'done')) return NOTHING;
    const now = portal.clock.now();
    const set = async (changes: Partial<Wave>) => {
      const { domain_per_hour: _limits, ...rest } = changes;
      await trx.updateTable('waves').set(rest).where('id', '=', waveId).execute();
    };
    const wait = async (waits_for: WaveWait | null, queued = 0) => {
      if (wave.waits_for !== waits_for) await set({ waits_for });
      return { queued, more: false };
    };
    if (wave.state === 'running' && japanDay(now) > wave.until_on) {
      await set({ state: 'done', state_at: now, waits_for: null });
      return NOTHING;
    }
    // Addresses that bounce after a wave's last day are still followed up, within its hours of the day.
    if (openUntil(now, hoursOf(wave, now)) === null) return wave.state === 'running' ? wait('hours') : NOTHING;
    const fallen = wave.purpose === 'invitation' ? await fallOver(portal, trx, wave, now) : 0;
    if (fallen > 0) await set({ queued: wave.queued + fallen });
    if (wave.state === 'done') return { queued: fallen, more: false };
    if (await isIssuingLate(portal, trx)) return wait('issuing', fallen);
    if (wave.turn_at !== null && wave.turn_at > now) return { queued: fallen, more: false };

    const open = await countOpen(trx, waveId, backlogMost);
    const paces = await listPaces(trx, waveId);
    const limit = hourlyLimit(now, { startedAt: wave.started_at, perHour: wave.per_hour, warmUp: wave.warm_up });
    const pace = limit === null ? null : paceOf(now, paces.get('') ?? null, limit);
    const room = Math.min(batch, backlogMost - open, pace?.allowed ?? batch);
    if (room <= 0) return wait(pace !== null && pace.allowed <= 0 ? 'pace' : 'backlog', fallen);

    const people = await listDue(trx, wave, { now, limit: room });
    const chosen = choose(portal, wave, { people, paces, now });
    const queued = await queueMany(portal, trx, { wave: dueOf(wave), messages: chosen.messages });
    if (chosen.misses.length > 0) {
      const rows = chosen.misses.map(({ person, reason }) => ({
        wave_id: waveId,
        grant_id: person.grantId,
        link_generation: person.linkGeneration,
        reason,
        at: now,
      }));
      await trx
        .insertInto('wave_misses')
        .values(rows)
        .onConflict((conflict) => conflict.doNothing())
        .execute();
    }
    if (pace) chosen.paces.set('', pace.after(queued.size));
    await keepPaces(trx, waveId, chosen.paces);
    const turnLeft = wave.turn_left || chosen.early > 0;
    const total = wave.queued + fallen + queued.size;
    if (people.length === room) {
      await set({ fed_after: people.at(-1)?.grantId ?? null, turn_left: turnLeft, queued: total, waits_for: null });
      return { queued: queued.size + fallen, more: true };
    }
    // The end of the list. Whoever was too early is taken at the next turn; with nobody left and nothing open it is done.
    const isDone = wave.purpose === 'invitation' && !turnLeft && open === 0 && queued.size === 0 && fallen === 0;
    const pause = wave.purpose === 'reminder' ? REMINDER_PAUSE_MS : turnLeft ? TURN_PAUSE_MS : 5_000;
    await set({
      ...(isDone && { state: 'done' as const, state_at: now }),
      fed_after: null,
      turn_at: new Date(now.getTime() + pause),
      turn_left: false,
      queued: total,
      waits_for: turnLeft ? 'pace' : null,
    });
    return { queued: queued.size + fallen, more: false };
  });
}

async function isIssuingLate(portal: Portal, trx: Trx): Promise<boolean> {
  const waiting = await countWaitingCodes(trx);
  return waiting.some(({ provider, codes }) => {
    const rate = portal.providers.get(provider)?.capabilities.ratePerSecond;
    return rate !== undefined && (codes / rate) * 1_000 > MOST_ISSUING_WAIT_MS;
  });
}

async function listDue(trx: Trx, wave: Wave, { now, limit }: { now: Date; limit: number }): Promise<DuePerson[]> {
  const query = { wave: dueOf(wave), now, after: wave.fed_after, limit };
  return wave.purpose === 'invitation' ? listUninvited(trx, query) : listUnreminded(trx, { ...query, steps: dueReminders(now) });
}

interface Chosen {
  readonly messages: DueMessage[];
  readonly misses: { person: DuePerson; reason: 'no_address' | 'unreadable' }[];
  readonly paces: Map<string, Date>;
  /** For whom it is too early: their domain has its share of this hour. */
  readonly early: number;
}

function choose(
  portal: Portal,
  wave: Wave,
  { people, paces, now }: { people: readonly DuePerson[]; paces: ReadonlyMap<string, Date>; now: Date },
): Chosen {
  const chosen = { messages: [] as DueMessage[], misses: [] as Chosen['misses'], paces: new Map<string, Date>(), early: 0 };
  for (const person of people) {
    const contact = readContact(portal, person);
    const [to] = reachesOf(contact, person);
    if (!to) {
      chosen.misses.push({ person, reason: contact ? 'no_address' : 'unreadable' });
      continue;
    }
    const domain = to.channel === 'mail' ? to.address.slice(to.address.lastIndexOf('@') + 1).toLowerCase() : '';
    const limit = domain === '' ? undefined : wave.domain_per_hour[domain];
    if (limit !== undefined) {
      const pace = paceOf(now, chosen.paces.get(domain) ?? paces.get(domain) ?? null, limit);
      if (pace.allowed <= 0) {
        chosen.early += 1;
        continue;
      }
      chosen.paces.set(domain, pace.after(1));
    }
    const step = wave.purpose === 'reminder' ? reminderStep(now, person.deadlineAt) : null;
    const reminder = step === null ? null : { step, lastDay: japanDay(lastMoment(person.deadlineAt)) };
    chosen.messages.push({ person, to, reminder });
  }
  return chosen;
}

/** Invitations that surely failed go out by the other channel, if there is one; else that there is none is kept. */
async function fallOver(portal: Portal, trx: Trx, wave: Wave, now: Date): Promise<number> {
  const failed = await listFailedInvitations(trx, { waveId: wave.id, now, limit: 200 });
  if (failed.length === 0) return 0;
  const messages = failed.flatMap((person): DueMessage[] => {
    const [to] = reachesOf(readContact(portal, person), person);
    return to ? [{ person, to, reminder: null }] : [];
  });
  const queued = await queueMany(portal, trx, { wave: dueOf(wave), messages });
  await trx
    .insertInto('fallovers')
    .values(failed.map(({ messageId, grantId }) => ({ message_id: messageId, next_message_id: queued.get(grantId) ?? null, at: now })))
    .execute();
  return queued.size;
}
