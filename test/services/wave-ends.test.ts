import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { SendOutcome } from '#adapters/channels/port';
import { listBounced } from '#db/bounced';
import type { WavePlan } from '~/domain/wave';
import { feedWaves } from '~/services/feed-waves';
import { pauseWave } from '~/services/pause-wave';
import { planWave } from '~/services/plan-wave';
import { resumeWave } from '~/services/resume-wave';
import { sendMessage } from '~/services/send-message';
import { startWave } from '~/services/start-wave';
import { stopWave } from '~/services/stop-wave';
import { countDueLetters, findUnreached } from '~/views/unreached';
import { findUninvited, listWaveReports } from '~/views/wave-report';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { insertPerson, type TestContact } from '../support/people';
import { MAY_20, makeTestPortal, type TestPortal, testKeys } from '../support/portal';
import { insertProgramme } from '../support/programme';
import { modelSending, PLAN } from '../support/waves';

/** How waves end: nobody is left out of them unseen, and nobody is invited twice. */
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

let database: TestDatabase;
let owner: TestPortal;
let staff: TestPortal;
let worker: TestPortal;
let campaignId: string;
let answer: SendOutcome;
let { took, sending } = modelSending(() => answer);
let programmes = 0;
let people = 0;
const keys = testKeys();

beforeAll(async () => {
  database = await createTestDatabase();
  owner = makeTestPortal(database.ownerUrl, { keys });
  staff = makeTestPortal(database.consoleUrl, { keys, clock: owner.clock });
  worker = makeTestPortal(database.workerUrl, { keys, clock: owner.clock });
});
afterAll(async () => {
  await Promise.all([staff.close(), worker.close(), owner.close()]);
  await database.drop();
});
beforeEach(async () => {
  owner.clock.set(MAY_20);
  await owner.db.updateTable('waves').set({ state: 'stopped' }).where('state', '!=', 'stopped').execute();
  campaignId = await insertProgramme(owner, [{ provider: 'paypay' }], `ends-${++programmes}`);
  answer = { kind: 'accepted' };
  ({ took, sending } = modelSending(() => answer));
});

/** Somebody new; ids are in the order of their coming. */
async function person(contact: TestContact = {}): Promise<string> {
  people += 1;
  owner.clock.advance(10);
  return insertPerson(owner, campaignId, { number: `E-${people}`, mail: `e${people}@example.jp`, ...contact });
}
async function start(plan: Partial<WavePlan> = {}) {
  const planned = await planWave(staff, { campaignId, plan: { ...PLAN, ...plan }, actor: 'staff:x' });
  if (planned.kind !== 'planned') throw new Error(planned.reason);
  const act = { campaignId, number: planned.number, actor: 'staff:x' };
  expect(await startWave(staff, act)).toMatchObject({ kind: 'done', state: 'running' });
  return act;
}
const messages = () => owner.db.selectFrom('messages').selectAll().where('campaign_id', '=', campaignId).orderBy('id').execute();
const outcomes = async () => (await messages()).map(({ channel, state, reason }) => `${channel} ${reason ?? state}`).sort();
const states = async () => (await listWaveReports(staff, { campaignId, channelPerHour: null })).map(({ state }) => state);
const lefts = async () => (await listWaveReports(staff, { campaignId, channelPerHour: null })).map(({ left }) => left);
const freeze = (grantId: string, at: Date | null) =>
  owner.db.updateTable('grants').set({ frozen_at: at }).where('id', '=', grantId).execute();
async function sendAll(): Promise<void> {
  for (const { id, state } of await messages()) if (state === 'queued') await sendMessage(worker, { messageId: id }, { sending });
}
/** Feeds and sends, so many times with so much time before each. */
async function run(turns: number, pauseMs = MINUTE): Promise<void> {
  for (let turn = 0; turn < turns; turn += 1) {
    owner.clock.advance(pauseMs);
    await feedWaves(staff);
    await sendAll();
  }
}
const bounce = (grantId: string, channel = 'mail') =>
  owner.db
    .updateTable('messages')
    .set({ state: 'hard_failed', reason: 'unknown_address' })
    .where('grant_id', '=', grantId)
    .where('channel', '=', channel as 'mail')
    .execute();
/** The people who got something, in order and each as often as they did. */
const reached = () => took.map(({ to }) => to).sort();

describe('a wave that ends', () => {
  it('with its days is over and not done while people are left, and says how many were never invited', async () => {
    for (let i = 0; i < 3; i += 1) await person();
    await start({ perHour: 1, hours: { ...PLAN.hours, untilOn: '2023-05-20' } });
    await run(1);
    owner.clock.set(new Date('2023-05-21T00:01:00+09:00'));
    await feedWaves(staff);
    expect(await states()).toEqual(['over']);
    expect(await lefts()).toEqual([2]);
    expect(await findUninvited(staff, campaignId)).toEqual([{ group: 'app', people: 2 }]);
    // A new wave takes them; one whose people all were invited is done when its days are.
    await start({ hours: { ...PLAN.hours, untilOn: '2023-05-21' } });
    owner.clock.set(new Date('2023-05-21T09:00:00+09:00'));
    await run(2);
    expect(await findUninvited(staff, campaignId)).toEqual([]);
    expect(new Set(reached()).size).toBe(3);
    expect(took).toHaveLength(3);
  });

  it('held past its last day lets its people go: they are counted again, and nothing goes out', async () => {
    await person();
    const act = await start({ hours: { ...PLAN.hours, untilOn: '2023-05-20' } });
    await feedWaves(staff);
    await pauseWave(staff, act);
    owner.clock.set(new Date('2023-05-21T09:00:00+09:00'));
    await run(1);
    expect(await states()).toEqual(['over']);
    expect(await outcomes()).toEqual(['mail outdated']);
    expect(took).toEqual([]);
    expect(await findUninvited(staff, campaignId)).toEqual([{ group: 'app', people: 1 }]);
  });

  it('sends what it queued on the last day on the next morning', async () => {
    await person();
    await start({ hours: { ...PLAN.hours, untilOn: '2023-05-20' } });
    await feedWaves(staff);
    owner.clock.set(new Date('2023-05-20T20:00:00+09:00'));
    await sendAll();
    expect(await outcomes()).toEqual(['mail queued']);
    owner.clock.set(new Date('2023-05-21T08:00:00+09:00'));
    await feedWaves(staff);
    owner.clock.set(new Date('2023-05-21T09:00:00+09:00'));
    await sendAll();
    expect(took).toHaveLength(1);
  });

  it('stopped gives its people back at once: a wave started in the same moment invites them, once', async () => {
    for (let i = 0; i < 3; i += 1) await person();
    const one = await start();
    await feedWaves(staff);
    await pauseWave(staff, one);
    await stopWave(staff, one);
    expect(await outcomes()).toEqual(['mail outdated', 'mail outdated', 'mail outdated']);
    await start();
    await run(3);
    expect(await states()).toEqual(['stopped', 'done']);
    expect(new Set(reached()).size).toBe(3);
    expect(took).toHaveLength(3);
  });

  it('is not done while its people wait in the queue of another, and invites them when that one is stopped', async () => {
    for (let i = 0; i < 2; i += 1) await person();
    const one = await start();
    await feedWaves(staff);
    await pauseWave(staff, one);
    await start();
    await run(3);
    const [, second] = await listWaveReports(staff, { campaignId, channelPerHour: null });
    expect(second).toMatchObject({ state: 'running', waitsFor: 'others', open: 0 });
    await stopWave(staff, one);
    await run(3);
    expect(await states()).toEqual(['stopped', 'done']);
    expect(took).toHaveLength(2);
  });

  it('is done only after a whole turn from the beginning of its list', async () => {
    const first = await person();
    await person();
    await start({ perHour: 1 });
    await feedWaves(staff);
    await freeze(first, MAY_20);
    await sendAll();
    await freeze(first, null);
    expect(await outcomes()).toEqual(['mail outdated']);
    await run(4, HOUR);
    expect(took).toHaveLength(2);
    expect(await states()).toEqual(['done']);
  });

  it('goes on after it was done, for whoever is released or comes later within its days', async () => {
    await person();
    const frozen = await person();
    await freeze(frozen, MAY_20);
    await start();
    await run(2);
    expect(await states()).toEqual(['done']);
    await freeze(frozen, null);
    await person();
    await run(1, 10 * MINUTE);
    expect(took).toHaveLength(3);
    await run(2);
    expect(await states()).toEqual(['done']);
    expect(await lefts()).toEqual([0]);
    // After its days nobody is invited, and that is said.
    owner.clock.set(new Date('2023-05-30T09:00:00+09:00'));
    const late = await person();
    await owner.db
      .updateTable('grants')
      .set({ deadline_at: new Date('2023-06-20T00:00:00+09:00') })
      .where('id', '=', late)
      .execute();
    owner.clock.set(new Date('2023-06-01T09:00:00+09:00'));
    await run(2);
    expect(took).toHaveLength(3);
    expect(await findUninvited(staff, campaignId)).toEqual([{ group: 'app', people: 1 }]);
  });

  it('leaves nobody out and invites nobody twice while it is fed, held, resumed and stopped beside another', async () => {
    for (let i = 0; i < 30; i += 1) await person();
    const [one, two] = [await start(), await start()];
    const jobs = [0, 1, 2, 3].flatMap((i) => [
      feedWaves(staff, { batch: 7 }),
      (i % 2 ? resumeWave : pauseWave)(staff, one),
      sendAll(),
      feedWaves(staff, { batch: 5 }),
    ]);
    await Promise.all([...jobs, stopWave(staff, one)]);
    await run(4);
    expect(await states()).toEqual(['stopped', 'done']);
    expect(two.number).toBe(2);
    expect(new Set(reached()).size).toBe(30);
    expect(took).toHaveLength(30);
  });
});

it('is planned for no day on which nobody can receive anything, but for those who have longer', async () => {
  const hours = { ...PLAN.hours, untilOn: '2023-06-01' };
  const plan = () => planWave(staff, { campaignId, plan: { ...PLAN, hours }, actor: 'staff:x' });
  const grantId = await person();
  expect(await plan()).toEqual({ kind: 'refused', reason: 'past_deadline' });
  await owner.db
    .updateTable('grants')
    .set({ deadline_at: new Date('2023-06-02T00:00:00+09:00') })
    .where('id', '=', grantId)
    .execute();
  expect(await plan()).toMatchObject({ kind: 'planned' });
});

describe('what follows a failure', () => {
  const both = (number: string) => person({ number, phone: '+819000000012' });
  const byMail = async (grantId: string) => {
    await owner.db.updateTable('grants').set({ channel: 'mail' }).where('id', '=', grantId).execute();
    return grantId;
  };

  it('of a stopped wave is taken up by the next, and until then stands on the list', async () => {
    const grantId = await byMail(await both('F-1'));
    const one = await start();
    await run(1);
    await stopWave(staff, one);
    await bounce(grantId);
    await run(1);
    expect(await outcomes()).toEqual(['mail unknown_address']);
    expect((await findUnreached(staff, { campaignId, limit: 9 })).rows.map(({ number }) => number)).toEqual(['F-1']);
    await start();
    await run(2);
    expect(await outcomes()).toEqual(['mail unknown_address', 'sms accepted']);
    await run(2);
    expect(took).toHaveLength(2);
  });

  it('and was taken back with a stopped wave is followed again by the next', async () => {
    const grantId = await byMail(await both('F-2'));
    const one = await start();
    await run(1);
    await bounce(grantId);
    await feedWaves(staff);
    await stopWave(staff, one);
    expect(await outcomes()).toEqual(['mail unknown_address', 'sms outdated']);
    await start();
    await run(3);
    expect(await outcomes()).toEqual(['mail unknown_address', 'sms accepted', 'sms outdated']);
  });

  it('keeps to the pace of its wave, also when that is done', async () => {
    const all: string[] = [];
    for (let i = 0; i < 4; i += 1) all.push(await byMail(await person({ phone: `+81900000001${i}` })));
    await start({ perHour: 60 });
    await run(8);
    expect(await states()).toEqual(['done']);
    for (const grantId of all) await bounce(grantId);
    took.length = 0;
    await run(1, 30_000);
    expect(took.length).toBeLessThanOrEqual(2);
    await run(6);
    expect(took).toHaveLength(4);
  });

  it("keeps to the limit of a receiver's domain", async () => {
    for (const mail of ['a@slow.example', 'b@slow.example']) await person({ mail, phone: '+819000000015' });
    answer = { kind: 'failed', reason: 'unknown_address', retryable: false };
    await start({ domainPerHour: { 'slow.example': 1 } });
    await run(1);
    answer = { kind: 'accepted' };
    await run(3);
    expect(await outcomes()).toEqual(['mail accepted', 'sms unknown_address', 'sms unknown_address']);
    await run(1, HOUR);
    expect(await outcomes()).toEqual(['mail accepted', 'mail accepted', 'sms unknown_address', 'sms unknown_address']);
  });

  it('waits while codes would be late', async () => {
    const grantId = await byMail(await both('F-3'));
    await start();
    await run(3);
    await bounce(grantId);
    const slow = { id: 'paypay', capabilities: { ratePerSecond: 0.001 } } as never;
    const busy = makeTestPortal(database.consoleUrl, { keys, clock: owner.clock });
    Object.assign(busy, { providers: new Map([['paypay', slow]]) });
    const { requestRedemption } = await import('~/services/request-redemption');
    const choices = [{ provider: 'paypay', yen: 100n }];
    await requestRedemption(owner, { grantId: await person(), requestKey: owner.crypto.newKey(), choices });
    expect(await feedWaves(busy)).toBe(0);
    await busy.close();
    expect(await feedWaves(staff)).toBe(1);
  });

  it('is neither a bounce nor a letter for those who were only taken out of the queue', async () => {
    for (let i = 0; i < 3; i += 1) await person();
    const act = await start();
    await feedWaves(staff);
    await stopWave(staff, act);
    expect(await countDueLetters(staff, campaignId)).toBe(0);
    expect(await listBounced(owner.db, { campaigns: [campaignId], since: MAY_20, limit: 9 })).toEqual([]);
  });
});
