import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { failed, type OutgoingMessage, type SendOutcome } from '#adapters/channels/port';
import { segments } from '~/domain/segments';
import type { WavePlan } from '~/domain/wave';
import { feedWaves } from '~/services/feed-waves';
import { pauseWave } from '~/services/pause-wave';
import { planWave } from '~/services/plan-wave';
import { previewWave } from '~/services/preview-wave';
import { resumeWave } from '~/services/resume-wave';
import { sendMessage } from '~/services/send-message';
import { startWave } from '~/services/start-wave';
import { stopWave } from '~/services/stop-wave';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { insertPerson, type TestContact } from '../support/people';
import { MAY_20, makeTestPortal, type TestPortal, testKeys } from '../support/portal';
import { insertProgramme } from '../support/programme';
import { modelSending, PLAN } from '../support/waves';

const HOUR = 3_600_000;

let database: TestDatabase;
let owner: TestPortal;
let staff: TestPortal;
let worker: TestPortal;
let campaignId: string;
let answer: (message: OutgoingMessage) => SendOutcome;
let { took, sending } = modelSending(() => answer({} as OutgoingMessage));
let programmes = 0;
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
  // Waves of earlier tests send nothing more.
  await owner.db.updateTable('waves').set({ state: 'stopped' }).where('state', '!=', 'stopped').execute();
  campaignId = await insertProgramme(owner, [{ provider: 'paypay' }], `waves-${++programmes}`);
  answer = () => ({ kind: 'accepted' });
  ({ took, sending } = modelSending((message) => answer(message)));
});

let people = 0;
const person = (contact: TestContact = {}) =>
  insertPerson(owner, campaignId, { number: `W-${++people}`, name: '林 さくら', mail: `p${people}@example.jp`, ...contact });
async function start(plan: Partial<WavePlan> = {}): Promise<{ campaignId: string; number: number; actor: string }> {
  const planned = await planWave(staff, { campaignId, plan: { ...PLAN, ...plan }, actor: 'staff:x' });
  if (planned.kind !== 'planned') throw new Error(planned.reason);
  const act = { campaignId, number: planned.number, actor: 'staff:x' };
  expect(await startWave(staff, act)).toMatchObject({ kind: 'done', state: 'running' });
  return act;
}
const messages = () => owner.db.selectFrom('messages').selectAll().where('campaign_id', '=', campaignId).orderBy('id').execute();
const states = async () => (await messages()).map(({ channel, state, reason }) => [channel, state, reason]).sort();
const waveState = async () =>
  (await owner.db.selectFrom('waves').select('state').where('campaign_id', '=', campaignId).orderBy('number').execute()).map(
    (w) => w.state,
  );
/** Sends whatever waits. */
async function sendAll(): Promise<void> {
  for (const { id, state } of await messages()) {
    if (state === 'queued' || state === 'soft_failed') await sendMessage(worker, { messageId: id }, { sending });
  }
}

describe('a wave of invitations', () => {
  it('writes once to everybody who can still receive something, and is done', async () => {
    const one = await person();
    await person({ phone: '+819000000012', mail: null });
    const frozen = await person();
    await owner.db.updateTable('grants').set({ frozen_at: MAY_20 }).where('id', '=', frozen).execute();
    await start();
    expect(await feedWaves(staff)).toBe(2);
    await sendAll();
    expect(await feedWaves(staff)).toBe(0);
    owner.clock.advance(61_000);
    expect(await feedWaves(staff)).toBe(0);
    expect(await waveState()).toEqual(['done']);
    expect(took.map(({ kind }) => kind).sort()).toEqual(['mail', 'sms']);
    expect(took.find(({ kind }) => kind === 'mail')?.text).toContain(owner.crypto.linkToken(one, 1));
    expect(took[0]?.notAfter).toEqual(new Date('2023-05-20T20:00:00+09:00'));
  });

  it('is followed by no second invitation, of any wave and any channel, while the first has not surely failed', async () => {
    const grantId = await person({ phone: '+819000000012', mail: 'both@example.jp' });
    answer = () => ({ kind: 'unknown', cause: 'connection_lost' });
    await start();
    await feedWaves(staff);
    await sendAll();
    expect(await states()).toEqual([['sms', 'unknown', 'connection_lost']]);
    await start();
    expect(await feedWaves(staff)).toBe(0);
    // And if the code forgot it, the database would not.
    const [first] = await messages();
    if (!first) throw new Error('there is none');
    for (const channel of ['mail', 'sms'] as const) {
      const again = owner.db.insertInto('messages').values({
        ...first,
        id: owner.crypto.newId(MAY_20),
        channel,
        address_mask: channel === 'mail' ? 'b***@example.jp' : '090-****-0012',
        state: 'queued',
        reason: null,
        attempts: 0,
        via: null,
        called_at: null,
      });
      await expect(again.execute()).rejects.toMatchObject({ code: '23505' });
    }
    expect(grantId).toBeTruthy();
  });

  it('falls over to the other channel when the address bounces, also days later, and not a third time', async () => {
    await person({ mail: 'gone@example.jp', phone: '+819000000012' });
    await person({ mail: 'only@example.jp' });
    answer = (message) => (message.kind === 'sms' ? failed('unknown_address') : { kind: 'sent' });
    await start();
    await feedWaves(staff);
    await sendAll();
    await feedWaves(staff);
    await sendAll();
    expect(await states()).toEqual([
      ['mail', 'sent', null],
      ['mail', 'sent', null],
      ['sms', 'hard_failed', 'unknown_address'],
    ]);
    owner.clock.advance(61_000);
    await feedWaves(staff);
    expect(await waveState()).toEqual(['done']);
    owner.clock.advance(3 * 24 * HOUR);
    for (const { id } of (await messages()).filter(({ state }) => state === 'sent')) {
      const bounce = owner.db.updateTable('messages').set({ state: 'hard_failed', reason: 'unknown_address' }).where('id', '=', id);
      await bounce.execute();
    }
    expect(await feedWaves(staff)).toBe(0);
    expect(await owner.db.selectFrom('fallovers').selectAll().where('next_message_id', 'is', null).execute()).toHaveLength(2);
    expect(await feedWaves(staff)).toBe(0);
  });

  it('sends nothing outside its hours: what waits goes out in the morning', async () => {
    await person();
    await start();
    await feedWaves(staff);
    owner.clock.set(new Date('2023-05-20T20:00:00+09:00'));
    await sendAll();
    expect(took).toEqual([]);
    const [waiting] = await messages();
    expect(waiting).toMatchObject({ state: 'queued', due_at: new Date('2023-05-21T09:00:00+09:00') });
    await person();
    expect(await feedWaves(staff)).toBe(0);
    owner.clock.set(new Date('2023-05-21T09:00:00+09:00'));
    expect(await feedWaves(staff)).toBe(1);
    await sendAll();
    expect(took).toHaveLength(2);
  });

  it('keeps its pace over the hour, and that of a carrier, without a burst after a pause', async () => {
    for (let i = 0; i < 20; i += 1) await person({ mail: `a${i}@docomo.example` });
    for (let i = 0; i < 20; i += 1) await person({ mail: `b${i}@example.jp` });
    const act = await start({ perHour: 360, domainPerHour: { 'docomo.example': 60 } });
    let queued = await feedWaves(staff);
    expect(queued).toBe(1);
    owner.clock.advance(10_000);
    await pauseWave(staff, act);
    expect(await feedWaves(staff)).toBe(0);
    owner.clock.advance(HOUR);
    await resumeWave(staff, act);
    queued = await feedWaves(staff);
    // A minute's worth at most.
    expect(queued).toBeLessThanOrEqual(7);
    for (let minute = 0; minute < 5; minute += 1) {
      owner.clock.advance(60_000);
      await feedWaves(staff);
    }
    const docomo = (await messages()).filter(({ address_mask }) => address_mask.endsWith('@docomo.example'));
    expect(docomo.length).toBeGreaterThan(0);
    expect(docomo.length).toBeLessThanOrEqual(9);
  });

  it('holds everything while it is paused, and takes back what was not sent when it is stopped', async () => {
    const grantId = await person();
    const act = await start();
    await feedWaves(staff);
    await pauseWave(staff, act);
    await sendAll();
    expect(took).toEqual([]);
    expect(await states()).toEqual([['mail', 'queued', null]]);
    expect(await stopWave(staff, act)).toMatchObject({ kind: 'done', state: 'stopped' });
    expect(await resumeWave(staff, act)).toMatchObject({ kind: 'refused', reason: 'wrong_state' });
    await sendAll();
    expect(took).toEqual([]);
    expect(await states()).toEqual([['mail', 'hard_failed', 'outdated']]);
    // Nothing went out, so another wave may invite them.
    await start();
    expect(await feedWaves(staff)).toBe(1);
    await sendAll();
    expect(took.map(({ to }) => to)).toHaveLength(1);
    expect(grantId).toBeTruthy();
    const entries = await owner.db.selectFrom('audit_entries').select('act').where('campaign_id', '=', campaignId).execute();
    const count = (act: string) => entries.filter((entry) => entry.act === act).length;
    expect(['planned', 'started', 'paused', 'stopped'].map((step) => count(`wave.${step}`))).toEqual([2, 2, 1, 1]);
  });

  it('does not call taken back what a lost worker may have sent', async () => {
    await person();
    const act = await start();
    await feedWaves(staff);
    ({ took, sending } = modelSending(() => ({ kind: 'accepted' }), { repeatable: true }));
    const [message] = await messages();
    const lease = { state: 'sending' as const, attempts: 1, via: 'model', leased_until: owner.clock.now() };
    await owner.db
      .updateTable('messages')
      .set(lease)
      .where('id', '=', message?.id ?? '')
      .execute();
    await stopWave(staff, act);
    owner.clock.advance(HOUR);
    await sendMessage(worker, { messageId: message?.id ?? '' }, { sending });
    expect(await states()).toEqual([['mail', 'unknown', 'worker_lost']]);
    expect(took).toEqual([]);
  });

  it('yields while codes would be late', async () => {
    await person();
    const busy = makeTestPortal(database.consoleUrl, { keys, clock: owner.clock });
    const slow = { id: 'paypay', capabilities: { ratePerSecond: 0.001 } } as never;
    Object.assign(busy, { providers: new Map([['paypay', slow]]) });
    const [grantId = ''] = [await person()];
    const request = await (await import('~/services/request-redemption')).requestRedemption(owner, {
      grantId,
      requestKey: owner.crypto.newKey(),
      choices: [{ provider: 'paypay', yen: 100n }],
    });
    expect(request.kind).toBe('accepted');
    await start();
    expect(await feedWaves(busy)).toBe(0);
    const { waits_for } = await owner.db
      .selectFrom('waves')
      .select('waits_for')
      .where('campaign_id', '=', campaignId)
      .executeTakeFirstOrThrow();
    expect(waits_for).toBe('issuing');
    await busy.close();
    expect(await feedWaves(staff)).toBe(2);
  });

  it('goes past people without any address, and says so', async () => {
    await person({ mail: null });
    await person();
    await start();
    expect(await feedWaves(staff)).toBe(1);
    expect(await owner.db.selectFrom('wave_misses').select('reason').execute()).toContainEqual({ reason: 'no_address' });
  });
});

describe("the office's own text", () => {
  const NAMELESS = { name: null, mail: null, phone: '+819000001111' };
  const write = (channel: 'mail' | 'sms', subject: string | null, body: string) =>
    owner.db
      .insertInto('message_texts')
      .values({
        campaign_id: campaignId,
        purpose: 'invitation',
        channel,
        language: 'ja',
        version: 1,
        subject,
        body,
        made_by: 'staff:x',
        made_at: MAY_20,
      })
      .execute();

  it.each([
    ['sms', null, '{name}様 {office} {amount} {day} {link} {phrase}', NAMELESS],
    ['mail', '{office}', '{office}\n{name} 様のページ {link}', { name: 'ABC.Ltd' }],
    ['mail', '{name}様へ', '{office} {amount}\n{link}', { name: null }],
  ] as const)(
    'by %s that would leave out the link of whoever has no name is not sent: the standard one is, and that is logged',
    async (channel, subject, body, contact) => {
      await write(channel, subject, body);
      const grantId = await person(contact);
      await start();
      await feedWaves(staff);
      worker.logged.length = 0;
      await sendAll();
      expect(took).toHaveLength(1);
      expect(took[0]?.text).toContain(`/r/${owner.crypto.linkToken(grantId, 1)}`);
      expect(took[0]?.subject).not.toBe('');
      expect((await messages()).map(({ template }) => template)).toEqual(['invitation/3']);
      expect(worker.logged.filter(({ level }) => level === 'error')).toHaveLength(1);
    },
  );

  it('costs in the plan what it costs when it goes out, with the names that it bears', async () => {
    await write('sms', null, `{office} {amount} {day}\n{link}\n{phrase}\n{name}様${'あ'.repeat(30)}`);
    for (const name of [null, '林', '林'.repeat(40)]) await person({ ...NAMELESS, name });
    const preview = await previewWave(staff, { campaignId, plan: PLAN, publicUrl: 'https://uketori.example', channelPerHour: null });
    await start();
    await feedWaves(staff);
    await sendAll();
    const sent = took.map(({ text }) => segments(text).segments);
    expect(sent.sort()).toEqual([2, 2, 3]);
    expect(preview?.smsSegments).toBe(7);
  });
});

describe('reminders', () => {
  const deadline = (grantId: string, at: string) =>
    owner.db
      .updateTable('grants')
      .set({ deadline_at: new Date(at) })
      .where('id', '=', grantId)
      .execute();
  const remind = () => start({ purpose: 'reminder' });

  it('go out 14, 7, 3 and 1 day before and on the morning, once each, to those who have not finished', async () => {
    await person();
    await remind();
    const days: string[] = [];
    for (let day = 15; day <= 31; day += 1) {
      for (const hour of ['08', '09', '15', '21']) {
        owner.clock.set(new Date(`2023-05-${day}T${hour}:00:00+09:00`));
        await feedWaves(staff);
        await sendAll();
        days.push(...took.splice(0).map(() => `${day} ${hour}`));
      }
    }
    expect(days).toEqual(['17 09', '24 09', '28 09', '30 09', '31 09']);
  });

  it('come from an address of their own where the programme has one, and name it as the genuine one', async () => {
    const { settings } = await owner.db.selectFrom('campaigns').select('settings').executeTakeFirstOrThrow();
    const { senders, ...rest } = settings as { senders: object };
    const keep = (value: object) =>
      owner.db
        .updateTable('campaigns')
        .set({ settings: JSON.stringify(value) })
        .execute();
    await keep({ ...rest, senders: { ...senders, reminderMail: 'reminder@example.jp' } });
    await person();
    await remind();
    owner.clock.set(new Date('2023-05-24T10:00:00+09:00'));
    await feedWaves(staff);
    await sendAll();
    expect(took.map(({ from }) => from.address)).toEqual(['reminder@example.jp']);
    expect(took[0]?.text).toContain('reminder@example.jp');
    expect(took[0]?.text).not.toContain('noreply@example.jp');
    await keep({ ...rest, senders });
  });

  it('are not sent to the frozen, to those who finished after it was queued, nor after the day of the step', async () => {
    const frozen = await person();
    await owner.db.updateTable('grants').set({ frozen_at: MAY_20 }).where('id', '=', frozen).execute();
    const finished = await person();
    const late = await person();
    await deadline(frozen, '2023-05-21T00:00:00+09:00');
    await deadline(finished, '2023-05-22T00:00:00+09:00');
    await deadline(late, '2023-05-24T00:00:00+09:00');
    await remind();
    expect(await feedWaves(staff)).toBe(2);
    const { requestRedemption } = await import('~/services/request-redemption');
    await requestRedemption(owner, {
      grantId: finished,
      requestKey: owner.crypto.newKey(),
      choices: [{ provider: 'paypay', yen: 1_357n }],
    });
    owner.clock.set(new Date('2023-05-21T09:00:00+09:00'));
    await sendAll();
    expect(took).toEqual([]);
    expect(await states()).toEqual([
      ['mail', 'hard_failed', 'outdated'],
      ['mail', 'hard_failed', 'outdated'],
    ]);
  });

  it('are not sent to whoever asked for none, also when one waits already', async () => {
    const grantId = await person();
    await deadline(grantId, '2023-05-21T00:00:00+09:00');
    await remind();
    expect(await feedWaves(staff)).toBe(1);
    const two = await person({ mail: null, phone: '+819000000012' });
    const three = await person();
    await deadline(two, '2023-05-21T00:00:00+09:00');
    await deadline(three, '2023-05-21T00:00:00+09:00');
    owner.clock.advance(HOUR);
    expect(await feedWaves(staff)).toBe(2);
    await owner.db.insertInto('reminder_opt_outs').values({ grant_id: grantId, way: 'page', at: MAY_20 }).execute();
    await sendAll();
    // The others have the link by which it is done, and mails the header.
    expect(took).toHaveLength(2);
    for (const message of took) expect(message.text).toContain('https://uketori.example/stop/');
    expect(took.map(({ kind, unsubscribe }) => [kind, unsubscribe?.url.slice(0, 29) ?? null]).sort()).toEqual([
      ['mail', 'https://uketori.example/stop/'],
      ['sms', null],
    ]);
    const other = await person();
    await deadline(other, '2023-05-21T00:00:00+09:00');
    await owner.db.insertInto('reminder_opt_outs').values({ grant_id: other, way: 'page', at: MAY_20 }).execute();
    owner.clock.advance(HOUR);
    expect(await feedWaves(staff)).toBe(0);
  });

  /** Of whoever can be reached by both, today by SMS first; the number surely takes nothing. */
  async function both(): Promise<string> {
    const grantId = await person({ phone: '+819000000012' });
    await deadline(grantId, '2023-05-21T00:00:00+09:00');
    answer = ({ kind }) => (kind === 'sms' ? failed('unknown_address') : { kind: 'accepted' });
    return grantId;
  }
  const feedAndSend = async () => {
    const queued = await feedWaves(staff);
    await sendAll();
    return queued;
  };

  it('that surely fail go out by the other channel on the same day, once; later rounds by what works', async () => {
    const grantId = await both();
    await deadline(grantId, '2023-05-22T00:00:00+09:00');
    await remind();
    expect([await feedAndSend(), await feedAndSend(), await feedAndSend()]).toEqual([1, 1, 0]);
    expect(took.map(({ kind }) => kind)).toEqual(['sms', 'mail']);
    expect(took[1]?.text).toContain('https://uketori.example/stop/');
    owner.clock.set(new Date('2023-05-21T09:30:00+09:00'));
    expect([await feedAndSend(), await feedAndSend()]).toEqual([1, 0]);
    // The mail of that round comes back: everything was tried.
    await owner.db
      .updateTable('messages')
      .set({ state: 'hard_failed', reason: 'unknown_address' })
      .where('grant_id', '=', grantId)
      .where('state', '=', 'accepted')
      .execute();
    owner.clock.advance(HOUR);
    expect([await feedAndSend(), await feedAndSend()]).toEqual([0, 0]);
    expect(took.map(({ kind }) => kind)).toEqual(['sms', 'mail', 'mail']);
    const followed = await owner.db
      .selectFrom('fallovers as f')
      .innerJoin('messages as m', 'm.id', 'f.message_id')
      .select('next_message_id')
      .where('m.grant_id', '=', grantId)
      .execute();
    expect(followed.map(({ next_message_id: next }) => next === null)).toEqual([false, true]);
  });

  it.each([
    ['the hours are over', async () => void owner.clock.set(new Date('2023-05-20T20:00:00+09:00'))],
    ['the day is over', async () => void owner.clock.set(new Date('2023-05-21T09:00:00+09:00'))],
    [
      'nothing is left',
      async (grantId: string) => {
        const { requestRedemption } = await import('~/services/request-redemption');
        await requestRedemption(owner, { grantId, requestKey: owner.crypto.newKey(), choices: [{ provider: 'paypay', yen: 1_357n }] });
      },
    ],
    [
      'they are stopped',
      (grantId: string) => owner.db.insertInto('reminder_opt_outs').values({ grant_id: grantId, way: 'page', at: MAY_20 }).execute(),
    ],
    ['it is frozen', (grantId: string) => owner.db.updateTable('grants').set({ frozen_at: MAY_20 }).where('id', '=', grantId).execute()],
    [
      'the link is another',
      (grantId: string) => owner.db.updateTable('grants').set({ link_generation: 2 }).where('id', '=', grantId).execute(),
    ],
    ['the wave is paused', () => owner.db.updateTable('waves').set({ state: 'paused' }).where('campaign_id', '=', campaignId).execute()],
  ])('that surely fail go no other way when %s', async (_when, change) => {
    const grantId = await both();
    await remind();
    expect(await feedAndSend()).toBe(1);
    await change(grantId);
    expect([await feedAndSend(), await feedAndSend()]).toEqual([0, 0]);
    expect(took.map(({ kind }) => kind)).toEqual(['sms']);
  });

  it('that are on their way by the other channel are judged again when they leave', async () => {
    const grantId = await both();
    await remind();
    await feedAndSend();
    expect(await feedWaves(staff)).toBe(1);
    await owner.db.insertInto('reminder_opt_outs').values({ grant_id: grantId, way: 'page', at: MAY_20 }).execute();
    await sendAll();
    expect(took.map(({ kind }) => kind)).toEqual(['sms']);
  });

  it('go by both channels in one round only after the first has surely failed, whatever the code forgets', async () => {
    await both();
    answer = () => ({ kind: 'unknown', cause: 'connection_lost' });
    await remind();
    expect([await feedAndSend(), await feedAndSend()]).toEqual([1, 0]);
    const [first] = await messages();
    if (!first) throw new Error('there is none');
    const again = (channel: 'mail' | 'sms') =>
      owner.db
        .insertInto('messages')
        .values({
          ...first,
          id: owner.crypto.newId(MAY_20),
          channel,
          address_mask: channel === 'mail' ? 'b***@example.jp' : '090-****-0012',
          state: 'queued',
          reason: null,
          attempts: 0,
          via: null,
          called_at: null,
        })
        .execute();
    await expect(again('mail')).rejects.toMatchObject({ code: '23505' });
    await owner.db.updateTable('messages').set({ state: 'hard_failed', reason: 'unknown_address' }).where('id', '=', first.id).execute();
    await expect(again('sms')).rejects.toMatchObject({ code: '23505' });
  });
});
