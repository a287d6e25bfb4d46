import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { feedWaves } from '~/services/feed-waves';
import { queueMessage } from '~/services/parts/queue-message';
import { planWave } from '~/services/plan-wave';
import { sendMessage } from '~/services/send-message';
import { startWave } from '~/services/start-wave';
import { giveContact } from '../support/contacts';
import { insertPerson } from '../support/people';
import { MAY_20, type RecipientSite, startRecipientSite } from '../support/recipient-site';
import { formOfAct, signInAs } from '../support/staff';
import { modelSending, PLAN } from '../support/waves';

/** Planning a wave in the console, and what is to be done by hand after it. */
const { sending } = modelSending(({ id, to }) =>
  to.startsWith('gone')
    ? { kind: 'failed', reason: 'unknown_address', retryable: false, reference: null }
    : { kind: 'accepted', reference: id },
);
let site: RecipientSite;
let reached: string;
let gone: string;
beforeAll(async () => {
  site = await startRecipientSite();
  [reached, gone] = [await site.grant(8_000), await site.grant(3_000)];
  await giveContact(site.owner, reached, { name: '林 さくら', mail: 'sakura@example.jp', phone: '+819000000012' }, 'mail');
  await giveContact(site.owner, gone, { name: '林 もも', mail: 'gone@example.jp' }, 'mail');
});
afterAll(() => site.stop());
beforeEach(() => site.owner.clock.set(MAY_20));

const FIELDS = {
  group: 'app',
  purpose: 'invitation',
  from: '2023-05-20',
  until: '2023-05-25',
  first: '9',
  end: '20',
  perHour: '',
  domains: '',
  warmUp: '',
};
const textOf = (html: string) => html.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ');

async function press(act: string, fields: Partial<typeof FIELDS> = {}, role: 'operator' | 'viewer' = 'operator') {
  const { visitor } = await signInAs(site, role);
  const html = (await visitor.get(`/admin/waves/new?campaign=${site.campaignId}`)).text;
  const form = /<form method="post" action="\/admin\/waves\/new"[\s\S]*?<\/form>/.exec(html)?.[0] ?? '';
  const hidden = [...form.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)"/g)].map((m): [string, string] => [
    m[1] ?? '',
    m[2] ?? '',
  ]);
  return {
    visitor,
    answer: await visitor.post('/admin/waves/new', [...hidden, ...Object.entries({ ...FIELDS, ...fields }), ['act', act]]),
  };
}
const waves = () => site.owner.db.selectFrom('waves').selectAll().execute();

describe('planning a wave in the console', () => {
  it('counts first, and writes nothing', async () => {
    const { answer } = await press('preview');
    expect(answer.status).toBe(200);
    expect(textOf(answer.text)).toContain('対象 2人');
    expect(textOf(answer.text)).toContain('example.jp 2');
    expect(await waves()).toEqual([]);
  });

  it('says beside each field what is wrong, keeps what was typed, and writes nothing', async () => {
    const { answer } = await press('plan', { until: '2023-05-01', perHour: '多め' });
    expect(answer.status).toBe(422);
    expect(answer.text).toContain('value="多め"');
    expect(textOf(answer.text)).toContain('開始の日より後にしてください');
    expect(await waves()).toEqual([]);
  });

  it('refuses days after the deadline, and says so of hours at night', async () => {
    const late = await press('plan', { until: '2023-06-01' });
    expect(late.answer.status).toBe(422);
    expect(textOf(late.answer.text)).toContain('受取期限を過ぎた後の日です');
    const night = await press('preview', { first: '0', end: '24' });
    expect(textOf(night.answer.text)).toContain('0時から24時までの計画です');
    expect(textOf((await press('preview')).answer.text)).not.toContain('目を覚ます');
    expect(await waves()).toEqual([]);
  });

  it('makes the plan, which sends nothing until it is started', async () => {
    const { visitor, answer } = await press('plan', { perHour: '100', domains: 'example.jp=50', warmUp: '10 20' });
    expect(answer.status).toBe(303);
    expect((await visitor.get(answer.location ?? '')).text).toContain('1番の計画を作りました');
    expect(await waves()).toMatchObject([
      { state: 'planned', per_hour: 100, domain_per_hour: { 'example.jp': 50 }, warm_up: [10, 20], from_on: '2023-05-20' },
    ]);
    expect(await feedWaves(site.console)).toBe(0);
  });

  it('is for operators and approvers, within their scope', async () => {
    const { visitor } = await signInAs(site, 'viewer');
    expect((await visitor.get(`/admin/waves/new?campaign=${site.campaignId}`)).status).toBe(403);
    const { visitor: other } = await signInAs(site, 'operator', { campaigns: [] });
    expect((await other.get(`/admin/waves/new?campaign=${site.campaignId}`)).status).toBe(404);
    expect((await other.get(`/admin/waves/unreached?campaign=${site.campaignId}`)).status).toBe(404);
  });
});

describe('after a wave', () => {
  beforeAll(async () => {
    site.owner.clock.set(MAY_20);
    const planned = await planWave(site.console, {
      campaignId: site.campaignId,
      plan: { ...PLAN, hours: { ...PLAN.hours, untilOn: '2023-05-31' } },
      actor: 'cli:test',
    });
    if (planned.kind !== 'planned') throw new Error(planned.reason);
    await startWave(site.console, { campaignId: site.campaignId, number: planned.number, actor: 'cli:test' });
    await feedWaves(site.console);
    for (const { id } of await site.owner.db.selectFrom('messages').select('id').execute()) {
      await sendMessage(site.worker, { messageId: id }, { sending });
    }
  });

  it('lists whom nothing reached, and says how letters are made', async () => {
    const { visitor } = await signInAs(site, 'operator');
    const page = await visitor.get(`/admin/waves/unreached?campaign=${site.campaignId}`);
    expect(page.text).toContain(`/admin/people/${gone}`);
    expect(page.text).not.toContain(`/admin/people/${reached}`);
    expect(page.text).toContain('g***@example.jp');
    expect(page.text).not.toContain('もも');
  });

  it('lists who has much to receive and never opened the link, until they do', async () => {
    const { visitor } = await signInAs(site, 'operator');
    const read = async (min = '') => (await visitor.get(`/admin/waves/unopened?campaign=${site.campaignId}${min}`)).text;
    expect(await read()).toContain(`/admin/people/${reached}`);
    expect(await read('&min=8001')).not.toContain(`/admin/people/${reached}`);
    expect(await read('&min=x')).toContain('1円単位の数で入力してください');
    await site.visitor({ 'user-agent': 'Mozilla/5.0 (iPhone; CPU iPhone OS 16_0 like Mac OS X) Mobile' }).get(site.linkOf(reached));
    await site.flush();
    expect(await read()).not.toContain(`/admin/people/${reached}`);
  });

  it("tells one person's messages and openings in plain words, with no link and no whole address", async () => {
    const { visitor } = await signInAs(site, 'call_centre');
    const page = await visitor.get(`/admin/people/${reached}/messages`);
    expect(page.status).toBe(200);
    const words = textOf(page.text);
    expect(words).toContain('受取のご案内 メール s***@example.jp');
    expect(words).toMatch(/標準 \S*日本語/);
    expect(words).toContain('電話：開いただけです');
    expect(page.text).not.toContain(site.linkOf(reached));
    expect((await visitor.get('/admin/people/00000000-0000-7000-8000-000000000000/messages')).status).toBe(404);
    expect((await visitor.get('/admin/people/x/messages')).status).toBe(404);
  });

  it('sends the link again by the other registered way when it is chosen', async () => {
    site.owner.clock.advance(3_600_000);
    const { visitor } = await signInAs(site, 'operator');
    const path = `/admin/people/${reached}/resend`;
    const html = (await visitor.get(path)).text;
    const form = [...html.matchAll(/<form [\s\S]*?<\/form>/g)].map(([each]) => each).find((each) => each.includes('name="via"')) ?? '';
    const hidden = [...form.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)"/g)].map((m): [string, string] => [
      m[1] ?? '',
      m[2] ?? '',
    ]);
    const answer = await visitor.post(path, [...hidden, ['via', 'sms'], ['reason', 'not_arrived'], ['note', '']]);
    expect(answer.status).toBe(303);
    const last = await site.owner.db
      .selectFrom('messages')
      .select(['channel', 'address_mask'])
      .where('purpose', '=', 'resend')
      .executeTakeFirst();
    expect(last).toEqual({ channel: 'sms', address_mask: '090-****-0012' });
  });

  it('proposes the address at which the link can arrive, and says where it did not', async () => {
    const grantId = await insertPerson(site.owner, site.campaignId, { name: '高橋 花子', mail: 'dead@example.jp', phone: '+819000000418' });
    await site.owner.db.updateTable('grants').set({ channel: 'mail' }).where('id', '=', grantId).execute();
    const { visitor } = await signInAs(site, 'operator');
    const select = async () =>
      /<select[^>]*name="via"[\s\S]*?<\/select>/.exec((await visitor.get(`/admin/people/${grantId}/resend`)).text)?.[0];
    expect(await select()).toMatch(/selected=""[^>]*>メール d\*\*\*@example\.jp</);
    const request = { grantId, purpose: 'code_ready', actor: 'system' } as const;
    const queued = await site.console.db.transaction().execute((trx) => queueMessage(site.console, trx, request));
    if (queued.kind !== 'queued') throw new Error(queued.kind);
    await site.owner.db
      .updateTable('messages')
      .set({ state: 'hard_failed', reason: 'unknown_address' })
      .where('id', '=', queued.messageId)
      .execute();
    expect(await select()).toMatch(/selected=""[^>]*>SMS 090-\*\*\*\*-0418</);
    expect(await select()).toContain('メール d***@example.jp（届きませんでした）');
    expect(textOf((await visitor.get(`/admin/people/${grantId}/resend`)).text)).toContain('d***@example.jp には前回届きませんでした');
  });

  it.each([
    [
      '+81963000418',
      '096-***-0418 は固定電話などの番号のため、SMSは送れません',
      '096-***-0418 is a landline or the like, which takes no SMS',
    ],
    ['+815030000418', '050-****-0418 は固定電話などの番号のため、SMSは送れません', 'takes no SMS'],
    ['+886912345678', 'は海外の番号のため、SMSは送れません', 'is a number abroad, to which no SMS is sent'],
  ])('offers no SMS to %s, says why, and sends none that is asked for all the same', async (phone, ja, en) => {
    const { visitor } = await signInAs(site, 'operator');
    for (const [mail, offered] of [
      ['line@example.jp', ['mail']],
      [null, ['']],
    ] as const) {
      const grantId = await insertPerson(site.owner, site.campaignId, { name: '固定 一郎', mail, phone });
      const path = `/admin/people/${grantId}/resend`;
      const page = await visitor.get(path);
      const select = /<select[^>]*name="via"[\s\S]*?<\/select>/.exec(page.text)?.[0] ?? '';
      expect([...select.matchAll(/<option value="([^"]*)"/g)].map(([, value]) => value)).toEqual(offered);
      expect(textOf(page.text)).toContain(ja);
      expect(textOf((await visitor.get(`${path}?lang=en`)).text)).toContain(en);
      await visitor.get(`${path}?lang=ja`);
      const fields = formOfAct(page.text, 'resend');
      const answer = await visitor.post(path, [...fields, ['via', 'sms'], ['reason', 'not_arrived'], ['note', '']]);
      expect(answer.status).toBe(422);
      expect(textOf(answer.text)).toContain('SMSを受け取れる番号が登録されていません');
      expect(await site.owner.db.selectFrom('messages').select('id').where('grant_id', '=', grantId).execute()).toEqual([]);
    }
  });
});
