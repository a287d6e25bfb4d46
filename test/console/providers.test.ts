import fs from 'node:fs';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { getProvider } from '~/portal';
import { askFunds } from '~/services/ask-funds';
import { requestRedemption } from '~/services/request-redemption';
import { type RecipientSite, startRecipientSite, type Visitor } from '../support/recipient-site';
import { formOfAct, signInAs } from '../support/staff';

let site: RecipientSite;
let operator: Visitor;
const path = (provider: string) => `/admin/providers/${site.campaignId}.${provider}`;

beforeAll(async () => {
  site = await startRecipientSite();
  operator = (await signInAs(site, 'operator')).visitor;
});
afterAll(() => site.stop());

const token = (html: string) => /name="token" value="([^"]*)"/.exec(html)?.[1] ?? '';

async function upload(provider: string, body: Buffer | string, fields: Record<string, string> = {}, name = 'stock.csv') {
  const page = await operator.get(path(provider));
  const form = new FormData();
  for (const [field, value] of [...formOfAct(page.text, 'load_stock'), ...Object.entries(fields)]) form.append(field, value);
  form.append('file', new Blob([body as BlobPart]), name);
  const encoded = new Response(form);
  const bytes = Buffer.from(await encoded.arrayBuffer());
  return operator.send(path(provider), {
    method: 'POST',
    body: bytes,
    headers: { 'content-type': encoded.headers.get('content-type') ?? '', 'sec-fetch-site': 'same-origin', origin: 'null' },
  });
}

describe('a provider', () => {
  it('is listed with how it answered in the last day', async () => {
    const grantId = await site.grant(500);
    await requestRedemption(site.portal, {
      grantId,
      requestKey: site.portal.crypto.newKey(),
      choices: [{ provider: 'paypay', yen: 500n }],
    });
    await site.issue(grantId);
    const list = await operator.get('/admin/providers');
    expect(list.status).toBe(200);
    expect(list.text).toContain('PayPayポイント');
    expect(list.text).toContain('100.0%');
    expect((await operator.get(path('paypay'))).text).toContain('受付中');
  });

  it('is paused with the words that recipients then read, and put back', async () => {
    const page = await operator.get(path('nanaco'));
    const words: [string, string][] = [
      ['ja', '点検のため止めています。<b>明日</b>再開します。'],
      ['en', 'Closed for maintenance.'],
    ];
    const paused = await operator.post(path('nanaco'), [['token', token(page.text)], ['act', 'pause'], ...words]);
    expect(paused.location).toBe(`${path('nanaco')}?done=paused`);
    const visitor = site.visitor();
    const tile = await visitor.open(site.linkOf(await site.grant(700)));
    expect(tile.text).toContain('点検のため止めています。&lt;b&gt;明日&lt;/b&gt;再開します。');
    await operator.post(path('nanaco'), [
      ['token', token(page.text)],
      ['act', 'resume'],
    ]);
    expect((await visitor.get('/receive')).text).not.toContain('点検のため');
    const acts = await site.owner.db.selectFrom('audit_entries').select('act').where('subject_kind', '=', 'offer').orderBy('at').execute();
    expect(acts.map(({ act }) => act)).toEqual(expect.arrayContaining(['offer.pause', 'offer.resume']));
  });

  it.each([
    ['', 'Closed.', '文を入力してください'],
    ['停止中です。', ' ', '文を入力してください'],
    ['長'.repeat(121), 'Closed.', '120文字以内'],
  ])('is not paused with the words %j / %j', async (ja, en, message) => {
    const page = await operator.get(path('edy'));
    const answer = await operator.post(path('edy'), [
      ['token', token(page.text)],
      ['act', 'pause'],
      ['ja', ja],
      ['en', en],
    ]);
    expect(answer.status).toBe(422);
    expect(answer.text).toContain(message);
    expect((await operator.get(path('edy'))).text).toContain('受付中');
  });

  it('of another programme, of no programme or with a strange id is not there', async () => {
    const bound = (await signInAs(site, 'operator', { campaigns: [] })).visitor;
    expect((await bound.get(path('paypay'))).status).toBe(404);
    for (const id of ['x', 'x.y', `${site.campaignId}.nobody`, '%00', '..%2f..']) {
      expect((await operator.get(`/admin/providers/${id}`)).status, id).toBeGreaterThanOrEqual(400);
      expect((await operator.get(`/admin/providers/${id}`)).status, id).toBeLessThan(500);
    }
  });
});

describe('stock', () => {
  const ponta = fs.readFileSync('db/programmes/kumamoto-2023/stock-ponta.csv');

  it('is loaded from a delivered file, once, and has marks by face value', async () => {
    const loaded = await upload('ponta', ponta);
    expect(loaded.status).toBe(200);
    expect(loaded.text).toContain('600枚');
    expect((await upload('ponta', ponta)).text).toContain('読み込み済みです');
    const page = await operator.get(path('ponta'));
    const mark = (low: string) =>
      operator.post(path('ponta'), [
        ['token', token(page.text)],
        ['act', 'low_water'],
        ['face', '100'],
        ['low', low],
      ]);
    expect((await mark('５００')).status).toBe(303);
    expect((await operator.get(path('ponta'))).text).toContain('不足');
    expect((await mark('-1')).status).toBe(422);
    const { rows } = await sql<{ name: string; actor: string }>`select file_name as name, actor from imports where kind = 'stock'`.execute(
      site.owner.db,
    );
    expect(rows[0]).toMatchObject({ name: 'stock.csv', actor: expect.stringMatching(/^staff:/) });
  });

  it.each([
    ['nothing', '', 'ファイルが空です'],
    ['a spreadsheet', 'PK\u0003\u0004xxxx', 'Excelのブック'],
    ['another file', 'a,b\r\n1,2\r\n', '0枚|誤り|読めません'],
    ['bytes', Buffer.from([0x82, 0xff, 0xfe, 0x00, 0x81]), '読めません'],
  ])('is not loaded from %s', async (_what, body, message) => {
    const answer = await upload('edy', body);
    expect(answer.status).toBe(422);
    expect(answer.text).toMatch(new RegExp(message));
  });

  it('is refused above 16 MB, without a file, without a token, and to whoever may not', async () => {
    const page = await operator.get(path('edy'));
    const big = await upload('edy', Buffer.alloc(15.5 * 1024 * 1024, 0x31));
    expect(big.status).toBe(413);
    const none = await operator.post(path('edy'), [
      ['token', token(page.text)],
      ['act', 'load_stock'],
    ]);
    expect(none.status).toBe(422);
    const viewer = (await signInAs(site, 'viewer')).visitor;
    const seen = await viewer.get(path('edy'));
    expect(seen.text).not.toContain('load_stock');
    expect(
      (
        await viewer.post(path('edy'), [
          ['token', token(seen.text)],
          ['act', 'load_stock'],
        ])
      ).status,
    ).toBe(403);
    expect((await operator.post(path('edy'), [['act', 'load_stock']])).status).toBe(403);
  });
});

describe('funds', () => {
  it('are asked for at most once a second by all processes together', async () => {
    const provider = getProvider(site.console, 'amazon');
    let calls = 0;
    const counted = {
      ...provider,
      connection: {
        ...provider.connection,
        funds: async () => {
          calls += 1;
          return { kind: 'funds' as const, yen: 12_345, at: site.owner.clock.now() };
        },
      },
    };
    await Promise.all(Array.from({ length: 8 }, () => askFunds(site.console, counted)));
    expect(calls).toBe(1);
    site.owner.clock.advance(1_000);
    await askFunds(site.console, counted);
    expect(calls).toBe(2);
    const row = await site.owner.db.selectFrom('provider_funds').selectAll().executeTakeFirstOrThrow();
    expect(row).toMatchObject({ provider: 'amazon', yen: 12_345n, cause: null });
  });
});
