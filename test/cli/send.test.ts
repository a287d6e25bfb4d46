import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readKeyring } from '~/crypto.server';
import { feedWaves } from '~/services/feed-waves';
import { cliEnv, runCli } from '../support/cli';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { insertPerson } from '../support/people';
import { makeTestPortal, type TestPortal } from '../support/portal';
import { insertProgramme } from '../support/programme';

let database: TestDatabase;
let owner: TestPortal;
let env: Record<string, string>;
let campaignId: string;

beforeAll(async () => {
  database = await createTestDatabase();
  env = { ...cliEnv(database.ownerUrl), PUBLIC_URL: 'https://uketori.example' };
  const ring = (name: string) => {
    const read = readKeyring(env[name] ?? '');
    if (!read.ok) throw new Error(read.problem);
    return read.ring;
  };
  owner = makeTestPortal(database.ownerUrl, { keys: { seal: ring('SEAL_KEYS'), index: ring('INDEX_KEYS'), link: ring('LINK_KEYS') } });
  campaignId = await insertProgramme(owner, [{ provider: 'paypay' }]);
  await insertPerson(owner, campaignId, { number: 'S-1', name: '林 さくら', mail: 'a@docomo.example' });
  await insertPerson(owner, campaignId, { number: 'S-2', name: '林 さくら', mail: 'b@example.jp', yen: 9_000 });
  await insertPerson(owner, campaignId, { number: 'S-3', name: '林 さくら', phone: '+819000000012' });
  await insertPerson(owner, campaignId, { number: 'S-4', name: '林 さくら' });
  const late = await insertPerson(owner, campaignId, { number: 'S-5', mail: 'late@example.jp' });
  await owner.db.updateTable('grants').set({ deadline_at: owner.clock.now() }).where('id', '=', late).execute();
});
afterAll(async () => {
  await owner.close();
  await database.drop();
});

const send = (...argv: string[]) => runCli(['send', ...argv, '--campaign', campaignId], env);
const count = async (table: 'waves' | 'messages' | 'audit_entries') => (await owner.db.selectFrom(table).select('id').execute()).length;

describe('send', () => {
  it('plan tells what would be sent, what it costs and who cannot be reached, and changes nothing', async () => {
    const plan = await send('plan', '--json', '--per-hour', '100');
    expect(plan.code).toBe(0);
    expect(JSON.parse(plan.out)).toMatchObject({
      kind: 'plan',
      people: 5,
      messages: { mail: 2, sms: 1 },
      leftOut: { no_address: 1, late: 1, invited: 0 },
      perHour: 100,
      wave: null,
      endsAt: expect.stringMatching(/^2023-05-20T01:0[12]:/),
    });
    const words = await send('plan');
    expect(words.out).toContain('対象5人: メール2通、SMS1通');
    expect(words.out).toContain('送らない: 宛先なし 1人');
    const reminders = await send('plan', '--purpose', 'reminder');
    expect(reminders.out).toContain(
      '催促を送る日: 5月24日（水）、5月28日（日）、5月30日（火）、5月31日（水）（あと4回。次は5月24日（水））',
    );
    expect(reminders.out).toMatch(/上の数は1回分です。あと4回ぜんぶで、多くても12通、SMS\d+セグメント/);
    // The end of the next round, and never one of today, on which nothing is sent.
    expect(reminders.out).toContain('次の回は、この条件なら 2023-05-24 09:00');
    expect(await Promise.all([count('waves'), count('messages'), count('audit_entries')])).toEqual([0, 0, 0]);
  });

  it('start, pause, resume, status and stop lead a wave, and say no where there is none', async () => {
    expect((await send('status')).out).toBe('一斉送信はまだありません\n');
    expect(JSON.parse((await send('start', '--json')).out)).toMatchObject({ kind: 'done', wave: 1, state: 'running' });
    expect(await feedWaves(owner)).toBe(3);
    expect((await send('pause', '--wave', '1')).out).toBe('一斉送信1番: 一時停止\n');
    expect((await send('pause', '--wave', '1')).code).toBe(0);
    const status = JSON.parse((await send('status', '--wave', '1', '--json')).out);
    expect(status).toMatchObject({ kind: 'wave', state: 'paused', open: 3, left: 0, sent: 0 });
    expect((await send('resume', '--wave', '1')).code).toBe(0);
    expect((await send('stop', '--wave', '1')).out).toBe('一斉送信1番: 中止\n');
    expect(await send('resume', '--wave', '1')).toMatchObject({ code: 1 });
    expect((await send('stop', '--wave', '9')).err).toBe('その番号の一斉送信はありません\n');
    expect((await send('start', '--until', '2023-05-01')).err).toContain('最終日を過ぎています');
    expect((await send('plan', '--keep')).out).toContain('一斉送信2番として書き留めました');
    expect((await send('start', '--wave', '2')).code).toBe(0);
    expect((await send('plan', '--until', '2023-06-01')).err).toContain('受取期限より後');
    expect((await send('start', '--until', '2023-06-01')).err).toContain('受取期限より後');
    expect((await send('plan', '--hours', '0-24')).out).toContain('目を覚ます');
    for (const bad of [
      ['--hours', '20-9'],
      ['--per-hour', '0'],
      ['--domain', 'x'],
      ['--from', 'today'],
      ['--warm-up', '1,x'],
      ['--group', 'all'],
    ])
      expect((await send('plan', ...bad)).code).toBe(2);
  });

  it('unreached and unopened list people by number, without a name or an address', async () => {
    const unreached = await send('unreached');
    expect(unreached.out).toMatch(/^S-4 {2}宛先なし/);
    const own = await runCli(['send', 'unreached'], env);
    expect(own.out).toBe(unreached.out);
    const wrong = await runCli(['send', 'pause'], env);
    expect(wrong).toMatchObject({ code: 2, err: '必要な指定がありません: --wave <number>\n' });
    expect((await runCli(['send', 'pause', '--lang', 'en'], env)).err).toContain('required option');
    expect((await send('unopened')).out).toBe('該当する人はいません\n');
    // What wave 1 had in its queue was taken back when it was stopped; wave 2 invites them.
    expect(await feedWaves(owner)).toBe(3);
    const [message] = await owner.db
      .selectFrom('messages')
      .select(['id', 'grant_id'])
      .where('address_mask', '=', 'b***@example.jp')
      .where('state', '=', 'queued')
      .execute();
    await owner.db
      .updateTable('messages')
      .set({ state: 'sending', attempts: 1, leased_until: owner.clock.now(), called_at: owner.clock.now() })
      .where('id', '=', message?.id ?? '')
      .execute();
    const unopened = await send('unopened', '--json');
    expect(JSON.parse(unopened.out)).toMatchObject({ kind: 'unopened', rows: [{ number: 'S-2', residualYen: 9000 }] });
    expect(unopened.out + unreached.out).not.toMatch(/さくら|b@/);
  });
});
