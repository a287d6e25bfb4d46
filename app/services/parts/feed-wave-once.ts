import type { Trx } from '#db/database';
import type { Wave } from '#db/tables/waves';
import { inTransaction } from '#db/transaction';
import {
  areOthersOpen,
  countOpen,
  countWaitingCodes,
  type DuePerson,
  dueOf,
  type FailedMessage,
  keepPaces,
  listFailedInvitations,
  listFailedReminders,
  listPaces,
  listUninvited,
  listUnreminded,
  takeBackMessages,
  takeWave,
} from '#db/waves';
import { lastMoment } from '../../domain/deadline';
import { japanDay } from '../../domain/japan-time';
import { dueReminders, hourlyLimit, hoursOf, openUntil, paceOf, reminderStep, takesPeople, type WaveWait } from '../../domain/wave';
import type { Portal } from '../../portal';
import { type DueMessage, queueMany } from './queue-many';
import { reachesOf, readContact } from './reach';

/** People are called no faster than codes can be issued. */
const MOST_ISSUING_WAIT_MS = 600_000;
/** When nobody new is due, the list is gone through again after this; reminders and what is done, after the longer one. */
const TURN_PAUSE_MS = 60_000;
const LONG_PAUSE_MS = 600_000;
/** Failures looked at in one transaction. */
const FAILED_MOST = 200;

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
 * queue and the issuing of codes let through, what follows a failure first. A crash anywhere loses or repeats nothing;
 * stopping waits for it.
 */
export async function feedWaveOnce(
  portal: Portal,
  { waveId }: { waveId: string },
  { batch = 1_000, backlogMost = 2_000 }: FeedOptions = {},
): Promise<Fed> {
  return inTransaction(portal.db, async (trx) => {
    const wave = await takeWave(trx, waveId);
    if (!wave || wave.state === 'planned' || wave.state === 'stopped') return NOTHING;
    const now = portal.clock.now();
    const isThrough = wave.state === 'done' || wave.state === 'over';
    const invites = wave.purpose === 'invitation';
    const set = async (changes: Partial<Wave>) => {
      const { domain_per_hour: _limits, ...rest } = changes;
      await trx.updateTable('waves').set(rest).where('id', '=', waveId).execute();
    };
    const wait = async (waits_for: WaveWait | null) => {
      if (wave.waits_for !== waits_for) await set({ waits_for });
      return NOTHING;
    };
    if (!isThrough && japanDay(now) > wave.until_on) {
      await endDays(trx, wave, { now, set });
      return NOTHING;
    }
    if (wave.state === 'paused') return NOTHING;
    // Addresses that bounce after a wave's last day are still followed up, within its hours of the day.
    if (openUntil(now, hoursOf(wave, now)) === null) return isThrough ? NOTHING : wait('hours');
    const failed = await listFailed(trx, wave, now);
    const isTurn = takesPeople(wave, now) && (wave.turn_at === null || wave.turn_at <= now);
    if (failed.length === 0 && !isTurn) return NOTHING;
    if (await isIssuingLate(portal, trx)) return wait('issuing');

    const open = await countOpen(trx, waveId, backlogMost);
    const paces = await listPaces(trx, waveId);
    const limit = hourlyLimit(now, { startedAt: wave.started_at, perHour: wave.per_hour, warmUp: wave.warm_up });
    const pace = limit === null ? null : paceOf(now, paces.get('') ?? null, limit);
    const room = Math.min(batch, backlogMost - open, pace?.allowed ?? batch);
    if (room <= 0) return wait(pace !== null && pace.allowed <= 0 ? 'pace' : 'backlog');

    const fallen = await fallOver(portal, trx, wave, { failed: failed.slice(0, room), paces, now });
    const roomLeft = isTurn ? room - fallen.queued : 0;
    const people = roomLeft > 0 ? await listDue(trx, wave, { now, limit: roomLeft }) : [];
    const chosen = choose(portal, wave, { people, paces: new Map([...paces, ...fallen.paces]), now });
    const queued = await queueMany(portal, trx, { wave: dueOf(wave), messages: chosen.messages });
    await keepMisses(trx, waveId, { misses: chosen.misses, now });
    const count = fallen.queued + queued.size;
    const total = { queued: wave.queued + count };
    const nextPaces = new Map([...fallen.paces, ...chosen.paces]);
    if (pace) nextPaces.set('', pace.after(count));
    await keepPaces(trx, waveId, nextPaces);
    if (roomLeft <= 0) {
      await set(total);
      return { queued: count, more: isTurn };
    }
    const turnLeft = wave.turn_left || chosen.early > 0;
    // Somebody came after it was done.
    const goesOn = wave.state === 'done' && people.length > 0 ? { state: 'running' as const, state_at: now } : {};
    if (people.length === roomLeft) {
      await set({ ...goesOn, ...total, fed_after: people.at(-1)?.grantId ?? null, turn_left: turnLeft, waits_for: null });
      return { queued: count, more: true };
    }
    // The end of the list. Whoever was too early is taken at the next turn. It is done when a turn from the beginning
    // found nobody, nothing is on its way, and nobody waits in a wave that may yet be stopped.
    const isNobodyLeft = invites && wave.fed_after === null && people.length === 0 && open === 0 && count === 0;
    const waitsForOthers = isNobodyLeft && (await areOthersOpen(trx, dueOf(wave)));
    const isDone = isNobodyLeft && !waitsForOthers;
    // It began in the midst of the list: what was freed before that place is looked for at once.
    const isHalf = invites && wave.fed_after !== null && !turnLeft;
    const pause = isDone || !invites ? LONG_PAUSE_MS : turnLeft || waitsForOthers ? TURN_PAUSE_MS : 5_000;
    await set({
      ...goesOn,
      ...(isDone && wave.state !== 'done' && { state: 'done', state_at: now }),
      ...total,
      fed_after: null,
      turn_at: isHalf ? null : new Date(now.getTime() + pause),
      turn_left: false,
      waits_for: turnLeft ? 'pace' : waitsForOthers ? 'others' : null,
    });
    return { queued: count, more: isHalf };
  });
}

/** What follows a wave's last day. Reminders and a wave with nobody left are done; else it is over, and says so. */
async function endDays(trx: Trx, wave: Wave, { now, set }: { now: Date; set: (changes: Partial<Wave>) => Promise<void> }): Promise<void> {
  const isHeld = wave.state === 'paused';
  const isLeft = wave.purpose === 'invitation' && (await listUninvited(trx, { wave: dueOf(wave), now, after: null, limit: 1 })).length > 0;
  await set({ state: isHeld || isLeft ? 'over' : 'done', state_at: now, waits_for: null });
  // What was held does not go out by itself; what was queued goes out on the next morning.
  if (isHeld) await takeBackMessages(trx, { waveId: wave.id, now });
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

async function listFailed(trx: Trx, wave: Wave, now: Date): Promise<FailedMessage[]> {
  const query = { wave: dueOf(wave), now, limit: FAILED_MOST };
  return wave.purpose === 'invitation'
    ? listFailedInvitations(trx, query)
    : listFailedReminders(trx, { ...query, steps: dueReminders(now) });
}

interface Chosen<P extends DuePerson> {
  readonly messages: DueMessage[];
  readonly misses: { person: P; reason: 'no_address' | 'unreadable' }[];
  readonly paces: Map<string, Date>;
  /** For whom it is too early: their domain has its share of this hour. */
  readonly early: number;
}

function choose<P extends DuePerson>(
  portal: Portal,
  wave: Wave,
  { people, paces, now }: { people: readonly P[]; paces: ReadonlyMap<string, Date>; now: Date },
): Chosen<P> {
  const chosen = { messages: [] as DueMessage[], misses: [] as Chosen<P>['misses'], paces: new Map<string, Date>(), early: 0 };
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

async function keepMisses(trx: Trx, waveId: string, { misses, now }: { misses: Chosen<DuePerson>['misses']; now: Date }): Promise<void> {
  if (misses.length === 0) return;
  const rows = misses.map(({ person, reason }) => ({
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

/** What surely failed goes out by the other channel, if there is one; else that there is none is kept. */
async function fallOver(
  portal: Portal,
  trx: Trx,
  wave: Wave,
  { failed, paces, now }: { failed: readonly FailedMessage[]; paces: ReadonlyMap<string, Date>; now: Date },
): Promise<{ queued: number; paces: Map<string, Date> }> {
  const chosen = choose(portal, wave, { people: failed, paces, now });
  const queued = await queueMany(portal, trx, { wave: dueOf(wave), messages: chosen.messages });
  const isMissed = new Set(chosen.misses.map(({ person }) => person.messageId));
  // Whoever is too early for their domain, or was just taken by another wave, is looked at again.
  const followed = failed.flatMap(({ messageId, grantId }) => {
    const next = queued.get(grantId);
    return next || isMissed.has(messageId) ? [{ message_id: messageId, next_message_id: next ?? null, at: now }] : [];
  });
  if (followed.length > 0) await trx.insertInto('fallovers').values(followed).execute();
  return { queued: queued.size, paces: chosen.paces };
}
