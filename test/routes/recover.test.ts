import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { recoverLink } from '~/services/recover-link';
import { insertPerson } from '../support/people';
import { queuedJobs } from '../support/queued-jobs';
import { type RecipientSite, startRecipientSite } from '../support/recipient-site';

let site: RecipientSite;
let hana: string;
let serial = 0;
const HOUR_MS = 3_600_000;

beforeAll(async () => {
  site = await startRecipientSite();
  hana = await insertPerson(site.owner, site.campaignId, {
    number: 'KM-R-000001',
    inquiryNumber: '8800-0001',
    name: '補償 花子',
    kana: 'ホショウ ハナコ',
    phone: '+819011112222',
    mail: 'hana@example.jp',
  });
});
afterAll(() => site.stop());

async function ask(fact: string, second = '', language = 'ja') {
  const visitor = site.visitor({ 'accept-language': language });
  const form = await visitor.get('/recover');
  return visitor.post('/recover', [...form.fields, ['fact', fact], ['second', second]]);
}

/** Does what the worker does with all that was asked. @returns links sent */
async function work(): Promise<number> {
  const open = await site.owner.db.selectFrom('recoveries').select('id').where('settled_at', 'is', null).execute();
  let sent = 0;
  for (const { id } of open) sent += (await recoverLink(site.console, { recoveryId: id })) ?? 0;
  return sent;
}

const messages = (grantId: string) => site.owner.db.selectFrom('messages').selectAll().where('grant_id', '=', grantId).execute();
const nextDay = () => site.owner.clock.set(new Date(site.owner.clock.now().getTime() + 25 * HOUR_MS));

describe('asking for a link again', () => {
  it.each([
    ['the registered phone, in full width', '０９０－１１１１－２２２２', '', 'sms'],
    ['the registered mail address', 'HANA@example.jp', '', 'mail'],
    ['the grant number and a full name', 'km-r-000001', '補償花子', 'sms'],
    ['the inquiry number and the phone', '88000001', '090 1111 2222', 'sms'],
    ['the grant number and the mail address', 'KM-R-000001', 'hana@example.jp', 'mail'],
  ])('by %s sends one to the registered address, the one that was typed', async (_what, fact, second, channel) => {
    nextDay();
    const before = (await messages(hana)).length;
    const answer = await ask(fact, second);
    expect([answer.status, answer.location]).toEqual([303, '/recover/sent']);
    expect(await work()).toBe(1);
    const after = await messages(hana);
    expect(after.length).toBe(before + 1);
    expect(after.at(-1)).toMatchObject({ purpose: 'resend', channel, actor: 'recipient' });
    expect(after.at(-1)?.address_mask).toBe(channel === 'sms' ? '090-****-2222' : 'h***@example.jp');
  });

  it.each([
    ['a number alone of somebody else', '090-9999-9999', ''],
    ['the beginning of a grant number', 'KM-R-0000', '補償花子'],
    ['the right number with a wrong name', 'KM-R-000001', '補償太郎'],
    ['the right number with half a name', 'KM-R-000001', '補償'],
    ['the right name for a wrong number', 'KM-R-999999', '補償花子'],
  ])('by %s answers the same and sends nothing', async (_what, fact, second) => {
    nextDay();
    const known = await ask('090-1111-2222');
    await work();
    // Otherwise the minute between two links would refuse it, whatever was typed.
    site.owner.clock.set(new Date(site.owner.clock.now().getTime() + HOUR_MS));
    const answer = await ask(fact, second);
    expect([answer.status, answer.location, answer.text]).toEqual([known.status, known.location, known.text]);
    expect(await work()).toBe(0);
  });

  it('writes the same for everyone and looks nobody up', async () => {
    const jobs = async () => (await queuedJobs(site.owner, 'recover-link')).length;
    const before = await jobs();
    await ask('090-1111-2222');
    await ask('nobody@example.jp');
    expect(await jobs()).toBe(before + 2);
    const rows = await site.owner.db.selectFrom('recoveries').selectAll().where('settled_at', 'is', null).execute();
    expect(rows.length).toBe(2);
    expect(JSON.stringify(rows)).not.toMatch(/1111|nobody/);
    await work();
    const settled = await site.owner.db.selectFrom('recoveries').select('id').where('asked', 'is not', null).execute();
    expect(settled).toEqual([]);
    await expect(site.portal.db.selectFrom('recoveries').select('id').execute()).rejects.toMatchObject({ code: '42501' });
    await expect(site.portal.db.selectFrom('recipients').select('id').execute()).rejects.toMatchObject({ code: '42501' });
  });

  it('sends three a day and no more, and one for two presses', async () => {
    nextDay();
    for (const expected of [1, 1, 1, 0]) {
      await ask('090-1111-2222');
      await ask('hana@example.jp');
      expect(await work()).toBe(expected);
      site.owner.clock.set(new Date(site.owner.clock.now().getTime() + HOUR_MS));
    }
  });

  it('sends three a day to one address, whoever shares it', async () => {
    nextDay();
    for (let n = 0; n < 5; n += 1) {
      serial += 1;
      await insertPerson(site.owner, site.campaignId, { number: `KM-Q-${serial}00001`, name: '補償 次郎', mail: 'shared@example.jp' });
    }
    await ask('shared@example.jp');
    expect(await work()).toBe(3);
    site.owner.clock.set(new Date(site.owner.clock.now().getTime() + HOUR_MS));
    await ask('shared@example.jp');
    expect(await work()).toBe(0);
  });

  it('does a request once, and leaves an entry on the record', async () => {
    nextDay();
    await ask('hana@example.jp');
    const { id } = await site.owner.db.selectFrom('recoveries').select('id').where('settled_at', 'is', null).executeTakeFirstOrThrow();
    expect(await recoverLink(site.console, { recoveryId: id })).toBe(1);
    expect(await recoverLink(site.console, { recoveryId: id })).toBeNull();
    const entries = await site.owner.db.selectFrom('audit_entries').selectAll().where('actor', '=', 'recipient').execute();
    const last = (await messages(hana)).at(-1);
    expect(entries.filter(({ detail }) => (detail as { message?: string }).message === last?.id)).toHaveLength(1);
    expect(JSON.stringify(entries)).not.toContain('hana@');
  });

  it('sends nothing about a grant that is frozen', async () => {
    nextDay();
    await site.owner.db.updateTable('grants').set({ frozen_at: site.owner.clock.now() }).where('id', '=', hana).execute();
    await ask('hana@example.jp');
    expect(await work()).toBe(0);
    await site.owner.db.updateTable('grants').set({ frozen_at: null }).where('id', '=', hana).execute();
  });
});

describe('the form', () => {
  it.each([
    ['', '', 'fact', '登録した電話番号かメールアドレス、または番号を入力してください'],
    ['あ', '', 'fact', 'どれとしても読み取れません'],
    ["'; drop table grants; --", '', 'fact', 'どれとしても読み取れません'],
    ['KM-R-000001', '', 'second', 'どれか1つも入力してください'],
    ['KM-R-000001', '9', 'second', '省略せずに入力してください'],
  ])('says what is wrong with "%s" and "%s", at the top and at the field, and keeps what was typed', async (fact, second, field, text) => {
    const answer = await ask(fact, second);
    expect(answer.status).toBe(422);
    expect(answer.text).toContain(`href="#${field}"`);
    expect(answer.text.split(text).length - 1).toBe(2);
    expect(answer.text).toMatch(new RegExp(`id="${field}"[^>]*aria-invalid="true"`));
    if (fact === 'KM-R-000001') expect(answer.text).toContain('value="KM-R-000001"');
  });

  it('takes strings of any kind without an error of ours', async () => {
    for (const typed of ['x'.repeat(9_000), '\u0000', '🙈🙈', '<script>', '%00', '０'.repeat(254), 'a@b.c'.repeat(50)]) {
      expect((await ask(typed, typed)).status, typed).toBeLessThan(500);
    }
  });

  it('says when it is asked too often, and loses nothing', async () => {
    site.recoveries = 0;
    const answer = await ask('090-1111-2222');
    site.recoveries = 1_000;
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([429, '120']);
    expect(answer.text).toContain('value="090-1111-2222"');
  });

  it('is not sent from elsewhere', async () => {
    const answer = await site.visitor().post('/recover', [['fact', 'hana@example.jp']], { 'sec-fetch-site': 'cross-site' });
    expect(answer.status).toBe(403);
  });

  it('is linked from the start page and from a link that does not work, in both languages', async () => {
    for (const language of ['ja', 'en']) {
      const visitor = site.visitor({ 'accept-language': language });
      for (const path of ['/', '/r/AAAAAAAAAAAAAAAAAAAAAA']) expect((await visitor.get(path)).text, path).toContain('href="/recover"');
      const sent = await visitor.get('/recover/sent');
      expect(sent.status).toBe(200);
      expect(sent.text).toContain('0120-479-249');
    }
  });
});
