import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { queueMessage } from '~/services/parts/queue-message';
import { requestRedemption } from '~/services/request-redemption';
import { sendMessage } from '~/services/send-message';
import { insertPerson } from '../support/people';
import { type RecipientSite, startRecipientSite } from '../support/recipient-site';
import { formOfAct, signInAs } from '../support/staff';

let site: RecipientSite;

beforeAll(async () => {
  site = await startRecipientSite();
});
afterAll(() => site.stop());

const TAKAHASHI = { name: '高橋 花子', kana: 'タカハシ ハナコ', phone: '+819000000417', mail: 'hanako@example.jp' };

async function choose(grantId: string, provider: string, yen: number): Promise<void> {
  const requestKey = site.portal.crypto.newKey();
  const result = await requestRedemption(site.portal, { grantId, requestKey, choices: [{ provider, yen: BigInt(yen) }] });
  expect(result.kind).toBe('accepted');
}

const lines = (html: string) => [...html.matchAll(/<tr><td class="stamp">[\s\S]*?<\/tr>/g)].map(([row]) => textOf(row));
const textOf = (html: string) =>
  html
    .replace(/<[^>]+>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();

describe('a person’s page', () => {
  it('shows number, masked name, state, address, deadline and amounts, and nothing that is masked', async () => {
    const grantId = await insertPerson(site.owner, site.campaignId, { ...TAKAHASHI, number: 'KM-A-000417' });
    const { visitor } = await signInAs(site, 'call_centre');
    const page = await visitor.get(`/admin/people/${grantId}`);
    expect(page.status).toBe(200);
    for (const words of ['KM-A-000417', '高橋 ＊＊', '090-****-0417', '期限まで11日', '1,357円', '未受取'])
      expect(page.text).toContain(words);
    for (const secret of ['花子', 'ハナコ', '09000000417', 'hanako']) expect(page.text).not.toContain(secret);
  });

  it('tells everything that happened, newest first, with a running balance that ends at the ledger’s', async () => {
    const grantId = await insertPerson(site.owner, site.campaignId, { ...TAKAHASHI, number: 'KM-A-000418' });
    site.owner.clock.set(new Date(site.owner.clock.now().getTime() + 60_000));
    site.fate = 'refused';
    await choose(grantId, 'nanaco', 357);
    await site.issue(grantId);
    site.owner.clock.set(new Date(site.owner.clock.now().getTime() + 60_000));
    site.fate = 'well';
    await choose(grantId, 'paypay', 500);
    await site.issue(grantId);
    const { visitor } = await signInAs(site, 'operator');
    const page = await visitor.get(`/admin/people/${grantId}`);
    const told = lines(page.text);
    expect(told.map((line) => line.split(' ').at(-1))).toEqual(['500円', '500円', '1,000円', '1,000円', '1,357円']);
    expect(told[0]).toMatch(
      /PayPayポイント 500円分を発行（番号の末尾 \d{4}、1回目） 管理番号 KM-P-00041\d 有効期限 2023年9月30日（土） システム 500円$/,
    );
    expect(told[1]).toMatch(/PayPayポイント 500円分を確定 受取人/);
    expect(told[2]).toMatch(/発行できませんでした（nanacoギフト 357円分：交換先が受け付けなかった、1回目）/);
    expect(told[4]).toMatch(/1,357円を付与 取込/);
    const { grant } = await site.pageOf(grantId);
    expect(grant.residualYen).toBe(500n);
    expect(page.text).toContain('<strong>再発行を申請する</strong>');
    expect(/class="first" href="\/admin\/people\/[^"]+\/reissue"/.test(page.text)).toBe(true);
    // Never a whole code.
    expect(page.text).not.toMatch(/4821\d{8}/);
  });

  it('shows the very words that stand on the recipient’s page, in every state and in both languages', async () => {
    const { visitor: staff } = await signInAs(site, 'operator');
    const states: [string, (grantId: string) => Promise<void>][] = [
      ['untouched', async () => {}],
      ['waiting', (id) => choose(id, 'paypay', 1_357)],
      [
        'failed',
        async (id) => {
          site.fate = 'refused';
          await choose(id, 'nanaco', 1_357);
          await site.issue(id);
          site.fate = 'well';
        },
      ],
      [
        'done',
        async (id) => {
          await choose(id, 'amazon', 1_357);
          await site.issue(id);
        },
      ],
      [
        'frozen',
        async (id) => {
          await site.owner.db.updateTable('grants').set({ frozen_at: site.owner.clock.now() }).where('id', '=', id).execute();
        },
      ],
    ];
    for (const [name, arrange] of states) {
      const grantId = await site.grant(1_357);
      await arrange(grantId);
      const page = await staff.get(`/admin/people/${grantId}`);
      for (const language of ['ja', 'en']) {
        const recipient = site.visitor({ 'accept-language': language });
        await recipient.get(site.linkOf(grantId));
        let seen = await recipient.get('/receive');
        if (seen.status === 303) seen = await recipient.get(seen.location ?? '');
        const quote = new RegExp(`<blockquote class="quote" lang="${language}">([\\s\\S]*?)</blockquote>`).exec(page.text)?.[1] ?? '';
        const sentences = [...quote.matchAll(/<p>([\s\S]*?)<\/p>/g)].map(([, text]) => textOf(text ?? ''));
        expect(sentences.length, name).toBeGreaterThan(0);
        for (const sentence of sentences) expect(textOf(seen.text), `${name} ${language}`).toContain(sentence);
      }
    }
  });

  it('tells who opened the link: only who did something there is the recipient', async () => {
    const grantId = await site.grant(700);
    for (const [client, acted] of [
      ['bot', false],
      ['phone', true],
      ['computer', false],
    ] as const) {
      const now = site.owner.clock.now();
      const own = { id: site.owner.crypto.newId(now), grant_id: grantId, session_tag: site.owner.crypto.newKey() };
      const row = { ...own, client, opened_at: now, acted_at: acted ? now : null };
      await site.owner.db.insertInto('link_opens').values(row).execute();
    }
    const { visitor } = await signInAs(site, 'operator');
    const told = lines((await visitor.get(`/admin/people/${grantId}`)).text).join('\n');
    expect(told).toContain('受取ページを開いて操作した（スマートフォン） 受取人 700円');
    expect(told).toContain('リンクが開かれた（操作なし・パソコン） 不明 700円');
    expect(told).toContain('リンクが開かれた（自動確認の可能性） 自動の検査 700円');
    expect(told.match(/受取人 700円/g)).toHaveLength(1);
  });

  it('tells of a message that waits why it waits', async () => {
    const grantId = await insertPerson(site.owner, site.campaignId, { name: '高橋 花子', phone: '+819000000417' });
    const trx = site.console.db.transaction();
    const queued = await trx.execute((own) => queueMessage(site.console, own, { grantId, purpose: 'resend', actor: 'system' }));
    const { visitor } = await signInAs(site, 'operator');
    const path = `/admin/people/${grantId}`;
    expect((await visitor.get(path)).text).not.toContain('送信手段が設定されていません');
    // What the worker does with it where there is no channel.
    if (queued.kind !== 'queued') throw new Error(queued.kind);
    const sending = { publicUrl: 'https://uketori.example', channels: new Map() };
    await sendMessage(site.worker, { messageId: queued.messageId }, { sending });
    expect((await visitor.get(path)).text).toContain('送信手段が設定されていません');
  });

  it('offers each act or says why not: by role, state and freeze', async () => {
    const grantId = await site.grant(1_357);
    const operator = await signInAs(site, 'operator');
    const open = await operator.visitor.get(`/admin/people/${grantId}`);
    expect(textOf(open.text)).toContain('期限をのばす 承認者のみ');
    expect(textOf(open.text)).toContain('再発行を申請する 発行に失敗した交換がありません');
    expect(open.text).toContain(`href="/admin/people/${grantId}/resend"`);
    const approver = await signInAs(site, 'approver');
    const theirs = await approver.visitor.get(`/admin/people/${grantId}`);
    expect(theirs.text).toContain(`href="/admin/people/${grantId}/extend"`);
    expect(theirs.text).not.toContain(`href="/admin/people/${grantId}/resend"`);
  });

  it('is not there for ids that are none, for other people’s programmes and for roles that may not', async () => {
    const grantId = await site.grant(100);
    const { visitor } = await signInAs(site, 'operator');
    for (const id of ['1', "'", 'x'.repeat(400), '00000000-0000-0000-0000-000000000000', `${grantId}0`, '..%2f']) {
      expect((await visitor.get(`/admin/people/${id}`)).status, id).toBe(404);
    }
    const elsewhere = await signInAs(site, 'operator', { campaigns: [] });
    expect((await elsewhere.visitor.get(`/admin/people/${grantId}`)).status).toBe(404);
    const viewer = await signInAs(site, 'viewer');
    expect((await viewer.visitor.get(`/admin/people/${grantId}`)).status).toBe(403);
  });

  it('shows names that are scripts or formulas as the text they are', async () => {
    const grantId = await insertPerson(site.owner, site.campaignId, { name: '<script>alert(1)</script> x', mail: 't@example.jp' });
    const { visitor } = await signInAs(site, 'operator');
    const page = await visitor.get(`/admin/people/${grantId}`);
    expect(page.text).toContain('&lt;script&gt;alert(1)&lt;/script&gt; ＊＊');
    expect(page.text).not.toContain('<script>alert');
  });
});

describe('the whole contact', () => {
  it('is shown on the answer to a reason only, counted and on the record', async () => {
    const grantId = await insertPerson(site.owner, site.campaignId, { ...TAKAHASHI, number: 'KM-A-000419' });
    const { visitor, staff } = await signInAs(site, 'call_centre');
    const path = `/admin/people/${grantId}`;
    const before = await visitor.get(path);
    expect(before.text).toContain('今日0回');
    const form = formOfAct(before.text, 'unmask');
    const missing = await visitor.post(`${path}?index`, form);
    expect(missing.status).toBe(422);
    expect(missing.text).toContain('aria-invalid="true"');
    expect(missing.text).not.toContain('花子');
    const shown = await visitor.post(`${path}?index`, [...form, ['reason', 'identity']]);
    expect(shown.status).toBe(200);
    for (const words of ['高橋 花子', 'タカハシ ハナコ', '090-0000-0417', 'hanako@example.jp', '今日1回'])
      expect(shown.text).toContain(words);
    expect(shown.headers.get('cache-control')).toBe('no-store');
    const after = await visitor.get(path);
    expect(after.text).not.toContain('花子');
    expect(after.text).toContain('氏名と連絡先の全体を表示（理由：本人確認）');
    const entries = await site.owner.db.selectFrom('audit_entries').selectAll().where('actor', '=', `staff:${staff.id}`).execute();
    expect(entries.map(({ act, subject_id, detail }) => ({ act, subject_id, detail }))).toEqual([
      { act: 'unmask', subject_id: grantId, detail: { reason: 'identity' } },
    ]);
  });

  it('is not shown to who may not see the programme', async () => {
    const grantId = await insertPerson(site.owner, site.campaignId, TAKAHASHI);
    const mine = await site.grant(100);
    const inside = await signInAs(site, 'operator');
    const form = formOfAct((await inside.visitor.get(`/admin/people/${mine}`)).text, 'unmask');
    expect(form.length).toBe(2);
    const outside = await signInAs(site, 'operator', { campaigns: [] });
    const home = await outside.visitor.get('/admin');
    const token = formOfAct(home.text, 'sign_out').find(([name]) => name === 'token')?.[1] ?? '';
    const answer = await outside.visitor.post(`/admin/people/${grantId}?index`, [
      ['token', token],
      ['act', 'unmask'],
      ['reason', 'identity'],
    ]);
    expect(answer.status).toBe(404);
    expect(answer.text).not.toContain('花子');
  });
});
