import { fork } from 'node:child_process';
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

async function act(provider: string, name: string, fields: readonly [string, string][]) {
  const page = await operator.get(path(provider));
  return operator.post(path(provider), [['token', token(page.text)], ['act', name], ...fields]);
}

const offer = (provider: string) =>
  site.owner.db.selectFrom('offers').select(['paused_at', 'pause_note']).where('provider', '=', provider).executeTakeFirstOrThrow();

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
      ['reason', 'maintenance'],
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
    ['no Japanese', '', 'Closed.', 'trouble', '文を入力してください'],
    ['no English', '停止中です。', ' ', 'trouble', '文を入力してください'],
    ['words that are too long', '長'.repeat(121), 'Closed.', 'trouble', '120文字以内'],
    ['no reason', '停止中です。', 'Closed.', '', '理由をえらんでください'],
    ['an unknown reason', '停止中です。', 'Closed.', 'boredom', '理由をえらんでください'],
  ])('is not paused with %s, and nothing of what was typed is lost', async (_what, ja, en, reason, message) => {
    const answer = await act('edy', 'pause', [
      ['ja', ja],
      ['en', en],
      ['reason', reason],
    ]);
    expect(answer.status).toBe(422);
    expect(answer.text).toContain(message);
    expect(answer.text).toContain('aria-invalid="true"');
    expect(answer.text).toContain(`>${ja}</textarea>`);
    expect((await operator.get(path('edy'))).text).toContain('受付中');
  });

  it('is shown as recipients would see it before it is paused, and nothing is written', async () => {
    const seen = await act('edy', 'preview', [
      ['ja', '<i>停止</i>しています。'],
      ['en', 'Closed.'],
      ['reason', ''],
    ]);
    expect(seen.status).toBe(200);
    expect(seen.text).toContain('<p>&lt;i&gt;停止&lt;/i&gt;しています。</p>');
    expect(seen.text).toContain('えらべません');
    expect(seen.text).toContain('Not available');
    expect(await offer('edy')).toMatchObject({ paused_at: null, pause_note: null });
  });

  it('stays paused since when it was paused, whatever its words become; putting back what is in service changes nothing', async () => {
    const words: [string, string][] = [
      ['ja', '停止しています。'],
      ['en', 'Closed.'],
      ['reason', 'trouble'],
    ];
    const since = site.owner.clock.now();
    await act('edy', 'pause', words);
    site.owner.clock.advance(60_000);
    await act('edy', 'pause', [['ja', '復旧を待っています。'], ...words.slice(1)]);
    expect(await offer('edy')).toMatchObject({ paused_at: since, pause_note: { ja: '復旧を待っています。', en: 'Closed.' } });
    site.owner.clock.advance(60_000);
    for (let i = 0; i < 2; i += 1) expect((await act('edy', 'resume', [])).status).toBe(303);
    const acts = await site.owner.db
      .selectFrom('audit_entries')
      .select(['act', 'detail'])
      .where('subject_id', '=', `${site.campaignId}.edy`)
      .orderBy('at')
      .orderBy('id')
      .execute();
    expect(acts.map(({ act }) => act)).toEqual(['offer.pause', 'offer.pause', 'offer.resume']);
    expect(acts[0]?.detail).toMatchObject({ reason: 'trouble' });
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

  it.each(['abc', '0', '-1', '１００', '99999999999999999999'])('has no mark for the face value %j', async (face) => {
    const marks = () => site.owner.db.selectFrom('provider_funds').select('low_yen').where('provider', '=', 'ponta').execute();
    const before = await marks();
    const answer = await act('ponta', 'low_water', [
      ['face', face],
      ['low', '5'],
    ]);
    expect(answer.status).toBe(404);
    expect(await marks()).toEqual(before);
  });

  it.each([
    ["filename*=UTF-8''a%00b%07.csv", 'ab.csv'],
    ['filename="..\\..\\etc\\passwd"', 'passwd'],
    ['filename="../../x.csv"', 'x.csv'],
    ["filename*=UTF-8''%e2%80%aevsc.txt", 'vsc.txt'],
  ])('keeps of a file called %s its plain name', async (name, kept) => {
    const page = await operator.get(path('nanaco'));
    const part = (head: string, body: string) => `--xx\r\nContent-Disposition: form-data; ${head}\r\n\r\n${body}\r\n`;
    const serial = kept.slice(-5, -4) + kept.length;
    const body =
      part('name="token"', token(page.text)) +
      part('name="act"', 'load_stock') +
      part(
        `name="file"; ${name}`,
        fs.readFileSync('db/programmes/kumamoto-2023/stock-nanaco.csv', 'utf8').replaceAll(/TEST(?=\w{12},)/g, `T${serial}X`),
      ) +
      '--xx--\r\n';
    const answer = await operator.send(path('nanaco'), {
      method: 'POST',
      body,
      headers: { 'content-type': 'multipart/form-data; boundary=xx', 'sec-fetch-site': 'same-origin', origin: 'null' },
    });
    expect(answer.status, answer.text.match(/<div class="message[\s\S]*?<\/div>/)?.[0]).toBe(200);
    const names = await site.owner.db.selectFrom('imports').select('file_name').where('kind', '=', 'stock').execute();
    expect(names.map(({ file_name }) => file_name)).toContain(kept);
  });

  it('that is sold from a shelf has its face values while it is empty, and the home counts it until there is a code to hand out', async () => {
    const { owner, campaignId } = site;
    const home = async () => (await operator.get('/admin')).text.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ');
    const past = await owner.db.selectFrom('imports').select('id').where('kind', '=', 'stock').executeTakeFirstOrThrow();
    const put = (expires_on: string) =>
      owner.db
        .insertInto('stock_codes')
        .values({
          id: owner.crypto.newId(owner.clock.now()),
          campaign_id: campaignId,
          provider: 'edy',
          import_id: past.id,
          yen: 100n,
          code_sealed: Buffer.from('x'),
          code_key_id: 'k1',
          digest: owner.crypto.codeDigest('edy', expires_on),
          expires_on,
        })
        .execute();
    await owner.db.updateTable('offers').set({ source: 'stock' }).where('provider', '=', 'edy').execute();
    try {
      const seen = (await operator.get(path('edy'))).text;
      for (const face of ['100円', '500円', '1,000円', '3,000円']) expect(seen).toContain(`<th scope="row">${face}</th>`);
      expect(await home()).toContain('在庫のなくなった交換先 1');
      await put('2023-05-19');
      expect(await home()).toContain('在庫のなくなった交換先 1');
      await put('2023-05-20');
      expect(await home()).toContain('在庫のなくなった交換先 0');
    } finally {
      await owner.db.updateTable('offers').set({ source: 'api' }).where('provider', '=', 'edy').execute();
    }
  });

  it('cannot be marked as handed out, slipped into a finished import or opened for grants by the console', async () => {
    const { console: taken, owner, campaignId } = site;
    const past = await owner.db.selectFrom('imports').selectAll().where('kind', '=', 'stock').executeTakeFirstOrThrow();
    const now = owner.clock.now();
    const code = (more: object) => ({
      id: taken.crypto.newId(now),
      campaign_id: campaignId,
      provider: 'ponta',
      import_id: past.id,
      yen: 100n,
      code_sealed: Buffer.from('x'),
      code_key_id: 'k1',
      digest: Buffer.from(taken.crypto.newKey().padEnd(32, 'x').slice(0, 32)),
      expires_on: '2030-01-01',
      ...more,
    });
    const UK003 = { code: 'UK003' };
    await expect(taken.db.insertInto('stock_codes').values(code({})).execute()).rejects.toMatchObject(UK003);
    const opened = { ...past, row_count: 0, accepted_count: 0, rejected_count: 0, total_yen: 0n };
    const other = (more: object) => ({ ...opened, id: taken.crypto.newId(now), file_digest: Buffer.alloc(32, 7), ...more });
    for (const wrong of [{ kind: 'grants' as const }, { actor: 'demo' }, { row_count: 5 }]) {
      await expect(taken.db.insertInto('imports').values(other(wrong)).execute()).rejects.toMatchObject(UK003);
    }
    await expect(taken.db.updateTable('imports').set({ row_count: 1 }).where('id', '=', past.id).execute()).rejects.toMatchObject(UK003);
    const open = other({});
    await taken.db.insertInto('imports').values(open).execute();
    const issuance = await owner.db.selectFrom('issuances').select('id').executeTakeFirstOrThrow();
    const handed = code({ import_id: open.id, code_sealed: null, code_key_id: null, issuance_id: issuance.id, claimed_at: now });
    await expect(taken.db.insertInto('stock_codes').values(handed).execute()).rejects.toMatchObject(UK003);
    const theirs = await taken.db
      .updateTable('stock_codes')
      .set({ yen: 1n })
      .where('import_id', '=', past.id)
      .execute()
      .catch((error) => error);
    expect(theirs).toMatchObject({ code: '42501' });
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
    for (const megabytes of [15.5, 17]) {
      const big = await upload('edy', Buffer.alloc(megabytes * 1024 * 1024, 0x31));
      expect(big.status, `${megabytes} MB`).toBe(413);
    }
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

  it('are asked for at most once a second by two processes that never rest', async () => {
    await site.owner.db.deleteFrom('provider_funds').execute();
    const children = [0, 1].map(() =>
      fork('test/support/funds-asker.ts', [site.consoleUrl], {
        execArgv: ['--import', 'tsx'],
        stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      }),
    );
    const asked: number[] = [];
    try {
      await new Promise<void>((resolve, reject) => {
        for (const child of children) {
          child.on('message', (at) => {
            asked.push(Number(at));
            if (asked.length >= 4) resolve();
          });
          child.once('exit', (code) => reject(new Error(`ended with ${code}`)));
        }
      });
    } finally {
      const ended = children.map((child) => child.exitCode ?? new Promise((resolve) => child.once('exit', resolve)));
      for (const child of children) if (child.connected) child.send('stop');
      await Promise.all(ended);
    }
    asked.sort((a, b) => a - b);
    for (let i = 1; i < asked.length; i += 1) expect((asked[i] ?? 0) - (asked[i - 1] ?? 0)).toBeGreaterThanOrEqual(1_000);
  }, 30_000);
});
