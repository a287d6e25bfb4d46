import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { queueMessage } from '~/services/parts/queue-message';
import { saveText } from '~/services/save-text';
import { sendMessage } from '~/services/send-message';
import { sendTextTest } from '~/services/send-text-test';
import { giveContact } from '../support/contacts';
import { insertProgramme } from '../support/programme';
import { MAY_20, type RecipientSite, startRecipientSite, type Visitor } from '../support/recipient-site';
import { signInAs } from '../support/staff';
import { modelSending } from '../support/waves';

const { took, sending } = modelSending(({ id }) => ({ kind: 'accepted', reference: id }));
const PATH = '/admin/texts/resend.mail.ja';
const BODY = '{name} 様\r\n{office}からのご案内です。\r\n\r\n{link}\r\n合言葉は{phrase}、確認は {check} です。\r\n電話 {tel}';

let site: RecipientSite;
let operator: Visitor;
beforeAll(async () => {
  site = await startRecipientSite();
});
afterAll(() => site.stop());
beforeEach(async () => {
  site.owner.clock.set(MAY_20);
  await sql`alter table message_texts disable trigger message_texts_stay; delete from message_texts; alter table message_texts enable trigger message_texts_stay`.execute(
    site.owner.db,
  );
  operator = (await signInAs(site, 'operator')).visitor;
});

const read = (query = '') => operator.get(`${PATH}?campaign=${site.campaignId}${query}`);
async function press(act: string, fields: Readonly<Record<string, string>> = {}, who = operator) {
  const page = await who.get(`${PATH}?campaign=${site.campaignId}`);
  const own = { subject: '【{office}】ご案内', body: BODY, number: '', address: '', ...fields, act };
  const names = Object.keys(own);
  return who.post(PATH, [...tokenOf(page.text), ...Object.entries(own).filter(([name]) => names.includes(name))]);
}
/** The hidden fields of the editor: the page has a form to sign out before it. */
function tokenOf(html: string): [string, string][] {
  const form = /<form method="post" action="\/admin\/texts[\s\S]*?<\/form>/.exec(html)?.[0] ?? '';
  return [...form.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)"/g)].map((match) => [match[1] ?? '', match[2] ?? '']);
}
const versions = () => site.owner.db.selectFrom('message_texts').selectAll().orderBy('version').execute();

async function sendOne(): Promise<{ subject: string | null; text: string; template: string }> {
  const grantId = await site.grant(1357);
  await giveContact(site.owner, grantId, { name: '林 さくら', mail: 'sakura@example.jp' });
  const queued = await site.console.db
    .transaction()
    .execute((trx) => queueMessage(site.console, trx, { grantId, purpose: 'resend', actor: 'staff:x' }));
  if (queued.kind !== 'queued') throw new Error('not queued');
  await sendMessage(site.worker, { messageId: queued.messageId }, { sending });
  const { template } = await site.owner.db
    .selectFrom('messages')
    .select('template')
    .where('id', '=', queued.messageId)
    .executeTakeFirstOrThrow();
  const { subject, text } = took.at(-1) ?? { subject: null, text: '' };
  return { subject, text, template };
}

describe('the texts of a programme', () => {
  it('begin as the portal writes them, with places', async () => {
    const list = await operator.get('/admin/texts');
    expect(list.text).toContain(`${PATH}?campaign=${site.campaignId}`);
    const page = await read();
    expect(page.text).toContain('{office}');
    expect(page.text).toContain('いまは標準の文面で送られます');
    expect((await sendOne()).template).toBe('resend/3');
  });

  it('are saved as versions, and what is sent from then on is written by the newest', async () => {
    expect(await press('save')).toMatchObject({ status: 303 });
    expect(await versions()).toMatchObject([{ version: 1, subject: '【{office}】ご案内' }]);
    const sent = await sendOne();
    expect(sent.template).toBe('resend/own-1');
    expect(sent.subject).toBe('【くまもと再発見の旅事務局】ご案内');
    expect(sent.text).toMatch(/^林 さくら 様\nくまもと再発見の旅事務局からのご案内です。\n\nhttps:\/\/uketori\.example\/r\//);
    await press('save', { subject: '別の件名' });
    expect((await sendOne()).template).toBe('resend/own-2');
    expect(await press('restore')).toMatchObject({ status: 303 });
    expect((await sendOne()).template).toBe('resend/3');
    expect((await versions()).map(({ version, body }) => [version, body !== null])).toEqual([
      [1, true],
      [2, true],
      [3, false],
    ]);
    const audited = await site.owner.db.selectFrom('audit_entries').select('act').where('act', '=', 'text.saved').execute();
    expect(audited.length).toBeGreaterThanOrEqual(3);
  });

  it('with something wrong are not saved, and nothing that was typed is lost', async () => {
    const answer = await press('save', { subject: 'x', body: '{office}{tel} https://evil.example <b>' });
    expect(answer.status).toBe(422);
    expect(answer.text).toContain('https://evil.example');
    expect(answer.text).toContain('専用リンクの差し込みが必要です');
    expect(answer.text).toContain('直接書けません');
    expect(answer.text).not.toContain('<b>');
    expect(await versions()).toEqual([]);
  });

  it('are previewed as they were typed, without being saved', async () => {
    const answer = await press('preview', { subject: '試しの件名' });
    expect(answer.status).toBe(200);
    expect(answer.text).toContain('試しの件名');
    expect(answer.text).toContain('見本 ＊＊ 様');
    expect(await versions()).toEqual([]);
  });

  it("are previewed with a person's amount, and never with their name or link", async () => {
    const grantId = await site.grant(8_642);
    await giveContact(site.owner, grantId, { name: '林 さくら', mail: 'sakura@example.jp' });
    const { number } = await site.owner.db.selectFrom('grants').select('number').where('id', '=', grantId).executeTakeFirstOrThrow();
    const answer = await press('preview', { number, body: `${BODY}\n{amount}` });
    expect(answer.text).toContain('8,642円');
    expect(answer.text).not.toContain('さくら');
    expect(answer.text).not.toContain(site.linkOf(grantId));
    expect((await press('preview', { number: 'NOBODY' })).text).toContain('その付与番号はありません');
  });

  it('saved by two at once are saved once, and the other reads so', async () => {
    const key = { campaignId: site.campaignId, purpose: 'resend', channel: 'mail', language: 'ja' } as const;
    const save = (subject: string) =>
      saveText(site.console, {
        staffId: '00000000-0000-7000-8000-000000000000',
        key,
        base: 0,
        text: { subject, body: BODY.replaceAll('\r', '') },
        publicUrl: 'https://uketori.example',
      });
    const kinds = (await Promise.all([save('a'), save('b'), save('c')])).map(({ kind }) => kind);
    expect(kinds.sort()).toEqual(['overtaken', 'overtaken', 'saved']);
    const page = await operator.get(`${PATH}?campaign=${site.campaignId}`);
    const stale = tokenOf(page.text).map(([name, value]): [string, string] => [name, name === 'base' ? '0' : value]);
    const answer = await operator.post(PATH, [...stale, ['subject', 'd'], ['body', BODY], ['act', 'save']]);
    expect(answer.status).toBe(409);
    expect(answer.text).toContain('別の人が新しい版を保存しました');
    expect(answer.text).toContain('value="d"');
  });

  it('are sent to oneself with sample data, once, and no more than twenty times a day', async () => {
    const answer = await press('test', { address: 'me@office.example', subject: '試し {office}' });
    expect(answer.text).toContain('m***@office.example');
    const test = await site.owner.db.selectFrom('text_tests').select('id').executeTakeFirstOrThrow();
    expect(await sendTextTest(site.worker, { testId: test.id }, { sending })).toBe('sent');
    expect(took.at(-1)).toMatchObject({ to: 'me@office.example', subject: '【試し送信】試し くまもと再発見の旅事務局' });
    expect(took.at(-1)?.text).toMatch(/^【試し送信】.*実際のご案内ではありません。\n\n/);
    expect(took.at(-1)?.html).toContain('【試し送信】');
    expect(took.at(-1)?.text).toContain('見本 花子 様');
    expect(await sendTextTest(site.worker, { testId: test.id }, { sending })).toBe('nothing_to_do');
    expect((await press('test', { address: 'nobody' })).status).toBe(422);
    for (let i = 1; i < 20; i += 1) await press('test', { address: 'me@office.example' });
    expect((await press('test', { address: 'me@office.example' })).status).toBe(429);
  });

  it('that may not be saved are not sent as a test either, to nobody', async () => {
    const tests = () => site.owner.db.selectFrom('text_tests').select('id').execute();
    const before = await tests();
    const to = { address: 'stranger@example.jp' };
    for (const body of ['https://evil.example/ buy now', `${BODY}\u0000`, 'a'.repeat(29_000), '']) {
      const answer = await press('test', { ...to, body });
      expect(answer.status).toBe(422);
      expect(answer.text).toContain('id="body-error"');
    }
    expect((await press('test', { ...to, subject: 'x\u0000' })).status).toBe(422);
    expect(await tests()).toEqual(before);
  });

  it('are neither tested nor looked at for a programme that is not there, or not theirs', async () => {
    await insertProgramme(site.owner, [{ provider: 'paypay' }], 'not-theirs');
    const { visitor: bound } = await signInAs(site, 'operator', { campaigns: [site.campaignId] });
    const page = await bound.get(`${PATH}?campaign=${site.campaignId}`);
    for (const campaign of ['nope', 'not-theirs'])
      for (const act of ['test', 'save', 'restore', 'preview']) {
        const hidden = tokenOf(page.text).map(([name, value]): [string, string] => [name, name === 'campaign' ? campaign : value]);
        const answer = await bound.post(PATH, [
          ...hidden,
          ['subject', 'x'],
          ['body', BODY],
          ['address', 'me@office.example'],
          ['act', act],
        ]);
        expect(answer.status, `${campaign} ${act}`).toBe(404);
      }
  });

  it('at once are no more than twenty tests a day either', async () => {
    const { visitor, staff } = await signInAs(site, 'operator');
    const page = await visitor.get(`${PATH}?campaign=${site.campaignId}`);
    const form: [string, string][] = [
      ...tokenOf(page.text),
      ['subject', 'x'],
      ['body', BODY],
      ['address', 'me@office.example'],
      ['act', 'test'],
    ];
    const answers = await Promise.all(Array.from({ length: 30 }, () => visitor.post(PATH, form)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(20);
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(10);
    expect(await site.owner.db.selectFrom('text_tests').select('id').where('staff_id', '=', staff.id).execute()).toHaveLength(20);
  });

  it('are edited by operators and approvers, looked at by others, and out of scope not there', async () => {
    const { visitor: viewer } = await signInAs(site, 'viewer');
    const page = await viewer.get(`${PATH}?campaign=${site.campaignId}`);
    expect(page.text).not.toContain('value="save"');
    expect((await press('save', {}, viewer)).status).toBe(403);
    expect(await versions()).toEqual([]);
    expect((await operator.get(`${PATH}?campaign=other`)).status).toBe(404);
    for (const bad of ['x.mail.ja', 'resend.fax.ja', 'resend.mail.fr', 'resend.mail.ja.x', 'resend']) {
      expect((await operator.get(`/admin/texts/${bad}?campaign=${site.campaignId}`)).status).toBe(404);
    }
  });

  it('stay as they were saved, held by the database', async () => {
    await press('save');
    await expect(sql`update message_texts set body = 'x {link}'`.execute(site.owner.db)).rejects.toMatchObject({ code: 'UK003' });
    await expect(sql`delete from message_texts`.execute(site.console.db)).rejects.toMatchObject({ code: '42501' });
    const skip = sql`insert into message_texts select campaign_id, purpose, channel, language, 3, subject, body, made_by, made_at from message_texts`;
    await expect(skip.execute(site.console.db)).rejects.toMatchObject({ code: 'UK004' });
  });
});
