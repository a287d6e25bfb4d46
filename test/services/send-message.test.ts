import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { OutgoingMessage, SendOutcome } from '#adapters/channels/port';
import { failed } from '#adapters/channels/port';
import type { Sending } from '~/portal';
import { askAboutMessage } from '~/services/ask-about-message';
import { queueMessage } from '~/services/parts/queue-message';
import { sendMessage } from '~/services/send-message';
import { sweepMessages } from '~/services/sweep-messages';
import { messages } from '~/views/timeline/messages';
import { giveContact } from '../support/contacts';
import { Crash, type CrashPoint, makeCrashingDb } from '../support/crashing-db';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { makeTestPortal, type TestPortal, testKeys } from '../support/portal';
import { insertGrants, insertProgramme } from '../support/programme';
import { queuedJobs } from '../support/queued-jobs';

const MINUTE = 60_000;

let database: TestDatabase;
let owner: TestPortal;
let staff: TestPortal;
let worker: TestPortal;
let campaignId: string;
const keys = testKeys();

/** A channel that does as it is told and keeps what it took. */
const took: OutgoingMessage[] = [];
let answer: () => SendOutcome | Promise<SendOutcome> = () => ({ kind: 'sent' });
const askedFor: (string | null)[] = [];
let cancelled: SendOutcome | null = null;
let lookedUp: SendOutcome = { kind: 'unknown', cause: 'timeout' };
let abilities: { repeatable?: boolean; lookup?: boolean } = {};
const sendingBy = (...carries: ('mail' | 'sms')[]): Sending => ({
  publicUrl: 'https://uketori.example',
  channels: new Map(
    carries.map((kind) => [
      kind,
      {
        id: 'model',
        capabilities: {
          carries,
          repeatable: false,
          lookup: false,
          settleAfterMs: 0,
          ratePerSecond: 10,
          concurrency: 1,
          timeLimitMs: MINUTE,
          ...abilities,
        },
        connection: {
          async send(message) {
            took.push(message);
            return answer();
          },
          async lookup({ reference }) {
            askedFor.push(reference);
            return lookedUp;
          },
          cancel: async () => cancelled,
          async close() {},
        },
      },
    ]),
  ),
});

beforeAll(async () => {
  database = await createTestDatabase();
  owner = makeTestPortal(database.ownerUrl, { keys });
  staff = makeTestPortal(database.consoleUrl, { keys, clock: owner.clock });
  worker = makeTestPortal(database.workerUrl, { keys, clock: owner.clock });
  campaignId = await insertProgramme(owner, [{ provider: 'paypay' }]);
});
afterAll(async () => {
  await Promise.all([staff.close(), worker.close()]);
  await owner.close();
  await database.drop();
});
beforeEach(() => {
  took.length = 0;
  answer = () => ({ kind: 'sent' });
  abilities = {};
  askedFor.length = 0;
  cancelled = null;
});

async function queued(
  purpose: 'resend' | 'address_changed_old' = 'resend',
  channel: 'mail' | 'sms' = 'mail',
): Promise<{ id: string; grantId: string }> {
  const [grantId = ''] = await insertGrants(owner, campaignId, [1357]);
  await giveContact(owner, grantId, { name: '林 さくら', phone: '+819000000012', mail: 'sakura@example.jp' }, channel);
  const message = await staff.db.transaction().execute((trx) => queueMessage(staff, trx, { grantId, purpose, actor: 'staff:x' }));
  if (message.kind !== 'queued') throw new Error('not queued');
  return { id: message.messageId, grantId };
}
const send = (messageId: string, sending = sendingBy('mail', 'sms')) => sendMessage(worker, { messageId }, { sending });
const messageOf = (id: string) => owner.db.selectFrom('messages').selectAll().where('id', '=', id).executeTakeFirstOrThrow();
const stateOf = async (id: string) => {
  const { state, reason, attempts } = await messageOf(id);
  return [state, reason, attempts];
};

describe('sending a message', () => {
  it('derives the link when it sends, and keeps neither link nor address', async () => {
    const { id, grantId } = await queued();
    expect(await send(id)).toBe('asked');
    const link = `https://uketori.example/r/${owner.crypto.linkToken(grantId, 1)}`;
    expect(took).toHaveLength(1);
    expect(took[0]).toMatchObject({
      id,
      kind: 'mail',
      to: 'sakura@example.jp',
      from: { name: 'テスト事務局', address: 'noreply@example.jp' },
    });
    expect(took[0]?.text).toContain(link);
    expect(took[0]?.text).toContain('1,357円');
    expect(await stateOf(id)).toEqual(['sent', null, 1]);
    const stored = JSON.stringify([await messageOf(id), worker.logged]);
    expect(stored).not.toContain(link.slice(-22));
    expect(stored).not.toContain('sakura@');
  });

  it('tells the old address neither the link nor the new address', async () => {
    const { id, grantId } = await queued('address_changed_old');
    await send(id);
    expect(took[0]?.text).not.toContain('/r/');
    expect(took[0]?.text).not.toContain(owner.crypto.linkToken(grantId, 1));
    expect(took[0]?.html).not.toContain('href');
  });

  it.each(['sent', 'accepted', 'delivered'] as const)('%s is the end, and nothing is sent again', async (kind) => {
    const { id } = await queued();
    answer = () => ({ kind, reference: 'abc-1' });
    await send(id);
    expect(await messageOf(id)).toMatchObject({ state: kind, reference: 'abc-1', via: 'model', leased_until: null });
    expect(await send(id)).toBe('nothing_to_do');
    expect(took).toHaveLength(1);
  });

  it('ends at a failure for good', async () => {
    const { id } = await queued();
    answer = () => failed('unknown_address', '550 5.1.1');
    await send(id);
    expect(await messageOf(id)).toMatchObject({ state: 'hard_failed', reason: 'unknown_address', detail: '550 5.1.1' });
    expect(await send(id)).toBe('nothing_to_do');
  });

  it('tries a failure for now again after its pause and not before, and gives up in the end', async () => {
    const { id } = await queued();
    answer = () => failed('busy', '451 4.7.1');
    for (let attempt = 1; attempt <= 7; attempt += 1) {
      expect(await send(id)).toBe('asked');
      const { due_at } = await messageOf(id);
      if (attempt < 7) {
        expect(await stateOf(id)).toEqual(['soft_failed', 'busy', attempt]);
        expect(await send(id)).toBe('nothing_to_do');
        owner.clock.set(due_at ?? new Date(0));
      }
    }
    expect(await messageOf(id)).toMatchObject({ state: 'hard_failed', reason: 'gave_up', detail: 'busy 451 4.7.1', attempts: 7 });
    expect(took).toHaveLength(7);
  });

  it('tries again what was never sent', async () => {
    const { id } = await queued();
    answer = () => ({ kind: 'unknown', cause: 'never_sent' });
    await send(id);
    expect(await stateOf(id)).toEqual(['queued', 'never_sent', 1]);
    owner.clock.advance(MINUTE);
    answer = () => ({ kind: 'sent' });
    await send(id);
    expect(await stateOf(id)).toEqual(['sent', null, 2]);
  });

  it('never sends a second time what may have gone out', async () => {
    const { id } = await queued();
    answer = () => ({ kind: 'unknown', cause: 'timeout' });
    await send(id);
    expect(await stateOf(id)).toEqual(['unknown', 'timeout', 1]);
    owner.clock.advance(24 * 60 * MINUTE);
    await sweepMessages(worker, sendingBy('mail', 'sms'));
    expect(await send(id)).toBe('nothing_to_do');
    expect(took).toHaveLength(1);
    // And if the code forgot it, the database would not.
    const again = worker.db.updateTable('messages').set({ state: 'sending', attempts: 2, leased_until: new Date() }).where('id', '=', id);
    await expect(again.execute()).rejects.toMatchObject({ code: 'UK004' });
  });

  it('looks up what may have gone out where the channel can, and sends again only what it surely never saw', async () => {
    abilities = { lookup: true };
    const { id } = await queued();
    answer = () => ({ kind: 'unknown', cause: 'connection_lost' });
    await send(id);
    lookedUp = { kind: 'unknown', cause: 'never_sent' };
    // At once its list may not have it yet.
    expect(await send(id)).toBe('nothing_to_do');
    owner.clock.advance(5 * MINUTE);
    lookedUp = { kind: 'unknown', cause: 'timeout' };
    expect(await send(id)).toBe('asked');
    expect(await stateOf(id)).toEqual(['unknown', 'connection_lost', 1]);
    owner.clock.advance(5 * MINUTE);
    lookedUp = { kind: 'unknown', cause: 'never_sent' };
    await send(id);
    expect(await stateOf(id)).toEqual(['soft_failed', 'looked_up', 1]);
    expect(took).toHaveLength(1);

    const other = (await queued()).id;
    await send(other);
    lookedUp = { kind: 'delivered' };
    owner.clock.advance(5 * MINUTE);
    await send(other);
    expect(await stateOf(other)).toEqual(['delivered', null, 1]);
  });

  it('asks what became of a message that the gateway took, with growing pauses, for three days', async () => {
    abilities = { lookup: true };
    answer = () => ({ kind: 'sent' });
    lookedUp = { kind: 'sent' };
    const { id } = await queued();
    await send(id);
    let asked = 0;
    for (let hours = 0; hours < 100; hours += 1) {
      owner.clock.advance(60 * MINUTE);
      if ((await send(id)) === 'asked') asked += 1;
    }
    expect(asked).toBeGreaterThan(20);
    expect(asked).toBeLessThan(40);
    expect(await stateOf(id)).toEqual(['sent', null, 1]);
    expect(took).toHaveLength(1);
  });

  it('takes a failure that the gateway tells later for a failure, and never goes back from what was sent', async () => {
    abilities = { lookup: true };
    answer = () => ({ kind: 'sent' });
    const { id } = await queued();
    await send(id);
    owner.clock.advance(5 * MINUTE);
    lookedUp = { kind: 'unknown', cause: 'never_sent' };
    await send(id);
    expect(await stateOf(id)).toEqual(['sent', null, 1]);
    owner.clock.advance(5 * MINUTE);
    lookedUp = failed('rejected', 'done_error');
    await send(id);
    expect(await stateOf(id)).toEqual(['hard_failed', 'rejected', 1]);
  });

  it('finds a question again whose job was lost', async () => {
    abilities = { lookup: true };
    answer = () => ({ kind: 'sent' });
    const { id } = await queued();
    await send(id);
    await owner.db.deleteFrom('graphile_worker._private_jobs' as never).execute();
    await sweepMessages(worker, sendingBy('mail', 'sms'));
    expect(await queuedJobs(owner, 'send-message')).not.toContainEqual({ messageId: id });
    owner.clock.advance(10 * MINUTE);
    await sweepMessages(worker, sendingBy('mail', 'sms'));
    expect(await queuedJobs(owner, 'send-message')).toContainEqual({ messageId: id });
  });

  it('lets a message wait for a channel, says so, and sends it when there is one', async () => {
    const { id } = await queued('resend', 'sms');
    expect(await send(id, sendingBy('mail'))).toBe('nothing_to_do');
    expect(await stateOf(id)).toEqual(['queued', 'no_channel', 0]);
    owner.clock.advance(2 * MINUTE);
    const before = (await queuedJobs(owner, 'send-message')).length;
    await owner.db.deleteFrom('graphile_worker._private_jobs' as never).execute();
    expect(before).toBeGreaterThan(0);
    await sweepMessages(worker, sendingBy('mail'));
    expect(await queuedJobs(owner, 'send-message')).not.toContainEqual({ messageId: id });
    await sweepMessages(worker, sendingBy('sms'));
    expect(await queuedJobs(owner, 'send-message')).toContainEqual({ messageId: id });
    await send(id, sendingBy('sms'));
    expect(took[0]).toMatchObject({ kind: 'sms', to: '+819000000012', from: { address: '03-0000-0000' } });
    expect(await stateOf(id)).toEqual(['sent', null, 1]);
  });

  it('does not send a link that has died meanwhile', async () => {
    const { id, grantId } = await queued();
    await owner.db.updateTable('grants').set({ link_generation: 2 }).where('id', '=', grantId).execute();
    expect(await send(id)).toBe('nothing_to_do');
    expect(await stateOf(id)).toEqual(['hard_failed', 'outdated', 0]);
    expect(took).toEqual([]);
  });

  it('two workers at once send it once', async () => {
    const { id } = await queued();
    let release: (outcome: SendOutcome) => void = () => {};
    answer = () => new Promise<SendOutcome>((resolve) => (release = resolve));
    const first = send(id);
    await expect.poll(() => took.length).toBe(1);
    expect(await send(id)).toBe('nothing_to_do');
    release({ kind: 'sent' });
    expect(await first).toBe('asked');
    expect(took).toHaveLength(1);
  });
});

describe('a message that is sent anew after a sure failure', () => {
  it('is asked for by the name of its last sending only: what became of the first does not send it a third time', async () => {
    abilities = { lookup: true };
    const { id, grantId } = await queued('resend', 'sms');
    const unreachable = failed('unreachable', 'unconnected');
    answer = () => ({ kind: 'sent', reference: `r-${took.length}` });
    await send(id);
    lookedUp = unreachable;
    owner.clock.advance(10 * MINUTE);
    await send(id);
    expect(await messageOf(id)).toMatchObject({ state: 'soft_failed', reference: 'r-1' });
    owner.clock.advance(10 * MINUTE);
    await send(id);
    expect(await messageOf(id)).toMatchObject({ state: 'sent', reference: 'r-2', attempts: 2 });
    lookedUp = { kind: 'delivered' };
    owner.clock.advance(10 * MINUTE);
    await send(id);
    expect(askedFor).toEqual(['r-1', 'r-2']);
    expect([took.length, (await messageOf(id)).state]).toEqual([2, 'delivered']);
    expect(took.map(({ attempt }) => attempt)).toEqual([1, 2]);
    const kept = owner.db.selectFrom('message_attempts').select(['attempt', 'via', 'state', 'reason', 'reference']);
    expect(await kept.where('message_id', '=', id).orderBy('attempt').execute()).toEqual([
      { attempt: 1, via: 'model', state: 'soft_failed', reason: 'unreachable', reference: 'r-1' },
      { attempt: 2, via: 'model', state: 'delivered', reason: null, reference: 'r-2' },
    ]);
    const events = await messages(owner.db, { grantId, redemptionIds: [], labelOf: (provider) => ({ ja: provider, en: provider }) });
    expect(events.map(({ name, facts }) => [name, facts.nth])).toEqual([
      ['message_queued', 2],
      ['message_failed', 1],
      ['message_delivered', 2],
    ]);
  });

  it('keeps what its gateway is proven to call it, of this sending only, and is asked for by that', async () => {
    abilities = { lookup: true };
    const { id } = await queued('resend', 'sms');
    answer = () => ({ kind: 'unknown', cause: 'timeout' });
    await send(id);
    const proves = (attempt: number, reference: string) =>
      askAboutMessage(worker, { messageId: id, attempt, reference }, { sending: sendingBy('sms') });
    await proves(2, 'not-this-one');
    expect((await messageOf(id)).reference).toBeNull();
    await proves(1, 'r-1');
    await proves(1, 'another');
    expect(await messageOf(id)).toMatchObject({ state: 'unknown', reference: 'r-1' });
    lookedUp = { kind: 'accepted', reference: 'r-1' };
    owner.clock.advance(10 * MINUTE);
    await send(id);
    expect([askedFor, took.length, await stateOf(id)]).toEqual([['r-1'], 1, ['accepted', null, 1]]);
  });

  it('is taken back from its gateway when its link has died, as long as that can be', async () => {
    abilities = { lookup: true };
    const { id, grantId } = await queued('resend', 'sms');
    answer = () => ({ kind: 'sent', reference: 'r-1' });
    await send(id);
    await owner.db.updateTable('grants').set({ link_generation: 2 }).where('id', '=', grantId).execute();
    lookedUp = { kind: 'sent', reference: 'r-1' };
    owner.clock.advance(10 * MINUTE);
    await send(id);
    expect([askedFor, await stateOf(id)]).toEqual([['r-1'], ['sent', null, 1]]);
    cancelled = failed('rejected', 'canceled');
    owner.clock.advance(10 * MINUTE);
    await send(id);
    expect(await messageOf(id)).toMatchObject({ state: 'hard_failed', reason: 'rejected', detail: 'canceled' });
    expect(took).toHaveLength(1);
  });
});

describe('the rate of a channel', () => {
  it('holds over all workers together; what would wait long goes back into the queue', async () => {
    const ids = await Promise.all(Array.from({ length: 24 }, async () => (await queued()).id));
    const other = makeTestPortal(database.workerUrl, { keys, clock: owner.clock });
    const waits: number[] = [];
    const wait = async (ms: number) => void waits.push(ms);
    const outcomes: string[] = [];
    for (const [i, messageId] of ids.entries())
      outcomes.push(await sendMessage(i % 2 ? worker : other, { messageId }, { sending: sendingBy('mail'), wait }));
    await other.close();
    // Ten a second and two seconds of patience: nobody waits longer, and each waits for a slot of its own.
    const sentNow = outcomes.filter((outcome) => outcome === 'asked').length;
    expect(took).toHaveLength(sentNow);
    expect(Math.max(...waits)).toBeLessThan(2_200);
    expect(Math.max(...waits)).toBeGreaterThan(0);
    for (const [i, messageId] of ids.entries()) if (outcomes[i] === 'later') expect((await stateOf(messageId))[0]).toBe('queued');
  });

  it('is not used up by what is done already, is under way, or was taken back', async () => {
    const wait = async () => {};
    const [done, underWay, outdated] = [(await queued()).id, (await queued()).id, await queued()];
    await send(done);
    answer = () => {
      throw new Crash('killed');
    };
    await expect(send(underWay)).rejects.toThrow('killed');
    await owner.db.updateTable('grants').set({ link_generation: 2 }).where('id', '=', outdated.grantId).execute();
    const nextAt = async () =>
      (await owner.db.selectFrom('channel_paces').selectAll().where('channel', '=', 'model').execute())[0]?.next_at;
    const before = await nextAt();
    for (const messageId of [done, underWay, outdated.id])
      expect(await sendMessage(worker, { messageId }, { sending: sendingBy('mail'), wait })).toBe('nothing_to_do');
    expect(await nextAt()).toEqual(before);
    expect(await stateOf(outdated.id)).toEqual(['hard_failed', 'outdated', 0]);
  });
});

describe('a worker that dies', () => {
  it('between sending and settling leaves a message that is looked at and not sent twice', async () => {
    const { id } = await queued();
    answer = () => {
      throw new Crash('killed');
    };
    await expect(send(id)).rejects.toThrow('killed');
    answer = () => ({ kind: 'sent' });
    expect(await send(id)).toBe('nothing_to_do');
    expect((await stateOf(id))[0]).toBe('sending');
    owner.clock.advance(10 * MINUTE);
    await sweepMessages(worker, sendingBy('mail'));
    expect(await send(id)).toBe('nothing_to_do');
    expect(await stateOf(id)).toEqual(['unknown', 'worker_lost', 1]);
    expect(took).toHaveLength(1);
  });

  it('is no trouble for a channel on which a repeat is none', async () => {
    abilities = { repeatable: true };
    const { id } = await queued();
    answer = () => {
      throw new Crash('killed');
    };
    await expect(send(id)).rejects.toThrow('killed');
    answer = () => ({ kind: 'delivered' });
    owner.clock.advance(10 * MINUTE);
    await send(id);
    expect(await stateOf(id)).toEqual(['delivered', null, 2]);
  });

  it('wakes up late with a yes: that is the truth; with anything else it changes nothing', async () => {
    for (const [late, state] of [
      [{ kind: 'sent' }, 'sent'],
      [failed('busy'), 'unknown'],
    ] as const) {
      const { id } = await queued();
      took.length = 0;
      let release: (outcome: SendOutcome) => void = () => {};
      answer = () => new Promise<SendOutcome>((resolve) => (release = resolve));
      const sleeper = send(id);
      await expect.poll(() => took.length).toBe(1);
      owner.clock.advance(10 * MINUTE);
      await send(id);
      expect((await stateOf(id))[0]).toBe('unknown');
      release(late as SendOutcome);
      await sleeper;
      expect((await stateOf(id))[0]).toBe(state);
    }
  });

  it('at any statement and on either side of any commit sends nothing twice and loses nothing silently', async () => {
    const pool = new pg.Pool({ connectionString: database.workerUrl, max: 2 });
    pool.on('error', () => {});
    let ends = false;
    for (let at = 1; !ends && at < 60; at += 1) {
      const { id } = await queued();
      took.length = 0;
      answer = () => ({ kind: 'sent' });
      let passed = 0;
      const strikes = (_point: CrashPoint) => ++passed === at;
      const dying = makeTestPortal('', { keys, clock: owner.clock, db: makeCrashingDb(pool, strikes) });
      ends = await sendMessage(dying, { messageId: id }, { sending: sendingBy('mail') }).then(
        () => true,
        () => false,
      );
      owner.clock.advance(10 * MINUTE);
      for (let again = 0; again < 3; again += 1) await send(id);
      expect(took.length, `crash ${at}`).toBeLessThanOrEqual(1);
      const [state] = await stateOf(id);
      expect(took.length === 1 ? ['sent', 'unknown'] : ['unknown'], `crash ${at}`).toContain(state);
    }
    expect(ends).toBe(true);
    await pool.end();
  });
});
