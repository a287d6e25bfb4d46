import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readInstant, readStatementRow, USUAL_MAP } from '~/domain/statement';
import { requestRedemption } from '~/services/request-redemption';
import { sampleStatement } from '~/services/sample-statement';
import { type RecipientSite, startRecipientSite, type Visitor } from '../support/recipient-site';
import { formOfAct, signInAs } from '../support/staff';

let site: RecipientSite;
let operator: Visitor;

beforeAll(async () => {
  site = await startRecipientSite();
  operator = (await signInAs(site, 'operator', { name: '照合 花子' })).visitor;
  for (const yen of [500, 600, 700, 800, 900, 1_000, 1_100]) {
    const grantId = await site.grant(yen);
    const choices = [{ provider: 'paypay', yen: BigInt(yen) }];
    await requestRedemption(site.portal, { grantId, requestKey: site.portal.crypto.newKey(), choices });
    site.owner.clock.advance(1_000);
    await site.issue(grantId);
  }
});
afterAll(() => site.stop());

const FIELDS = { from: '2023-05-01', until: '2023-05-31', ...USUAL_MAP };

async function upload(body: string | Buffer, fields: Record<string, string> = {}, visitor = operator) {
  const page = await visitor.get('/admin/reconciliation');
  const form = new FormData();
  for (const [name, value] of formOfAct(page.text, 'upload')) form.append(name, value);
  for (const [name, value] of Object.entries({ ...FIELDS, offer: `${site.campaignId}.paypay`, ...fields })) form.append(name, value);
  form.append('file', new Blob([body as BlobPart]), '明細5月.csv');
  const encoded = new Response(form);
  return visitor.send('/admin/reconciliation?index', {
    method: 'POST',
    body: Buffer.from(await encoded.arrayBuffer()),
    headers: { 'content-type': encoded.headers.get('content-type') ?? '', 'sec-fetch-site': 'same-origin', origin: 'null' },
  });
}

const findings = () =>
  site.owner.db.selectFrom('findings').select(['id', 'kind', 'reference', 'ours_yen', 'theirs_yen']).orderBy('kind').execute();

describe('reconciliation', () => {
  it('recognises each kind of difference in a statement, and nothing else', async () => {
    const sample = await sampleStatement(site.owner, { campaignId: site.campaignId, provider: 'paypay' });
    const answer = await upload(sample ?? '');
    expect(answer.status).toBe(303);
    expect(await findings()).toMatchObject([
      { kind: 'cancelled_there', ours_yen: 800n, theirs_yen: 800n },
      { kind: 'different_amount', ours_yen: 600n, theirs_yen: 700n },
      { kind: 'issued_twice', ours_yen: 700n, theirs_yen: 700n },
      { kind: 'missing_here', reference: 'UNKNOWN-0001', ours_yen: null, theirs_yen: 1_000n },
      { kind: 'missing_there', ours_yen: 500n, theirs_yen: null },
    ]);
    const page = await operator.get(answer.location ?? '');
    expect(page.text).toContain('明細5月.csv');
    expect(page.text).toContain('こちらの記録にない');
    expect(page.text).toMatch(/一致<\/dt><dd>3</);
  });

  it('takes the same file once, and remembers its columns', async () => {
    const sample = await sampleStatement(site.owner, { campaignId: site.campaignId, provider: 'paypay' });
    const again = await upload(sample ?? '');
    expect(again.location).toContain('done=repeated');
    expect(await findings()).toHaveLength(5);
    const map = await site.owner.db.selectFrom('statement_maps').selectAll().executeTakeFirstOrThrow();
    expect(map).toMatchObject({ provider: 'paypay', columns: { reference: '取引番号' } });
  });

  it('agrees wholly with a statement that is right, whatever its columns are called', async () => {
    const rows = await site.owner.db.selectFrom('issuances').select(['provider_key', 'yen']).where('state', '=', 'issued').execute();
    const text = `key,amount\r\n${rows.map((row) => `${row.provider_key},"${row.yen.toLocaleString('en')}"`).join('\r\n')}\r\n`;
    const answer = await upload(text, { reference: 'key', yen: 'amount', at: '', kind: '', cancelled: '' });
    expect((await operator.get(answer.location ?? '')).text).toContain('すべて一致しています');
  });

  it('gives each difference an owner and an end, once', async () => {
    const [first] = await findings();
    const { statement_id } = await site.owner.db
      .selectFrom('findings')
      .select('statement_id')
      .where('id', '=', first?.id ?? '')
      .executeTakeFirstOrThrow();
    const path = `/admin/reconciliation/${statement_id}`;
    const page = await operator.get(path);
    const token = /name="token" value="([^"]*)"/.exec(page.text)?.[1] ?? '';
    const post = (act: string, more: [string, string][] = []) =>
      operator.post(path, [['token', token], ['act', act], ['finding', first?.id ?? ''], ...more]);
    expect((await post('take')).location).toContain('done=taken');
    const empty = await post('close', [
      ['reason', 'explained'],
      ['note', ' '],
    ]);
    expect(empty.status).toBe(422);
    expect(empty.text).toContain('理由とメモの両方を入力してください');
    const note = '=1+1 <script>\n二行目';
    expect(
      (
        await post('close', [
          ['reason', 'explained'],
          ['note', note],
        ])
      ).location,
    ).toContain('done=closed');
    expect(
      (
        await post('close', [
          ['reason', 'explained'],
          ['note', 'again'],
        ])
      ).status,
    ).toBe(409);
    const after = await operator.get(path);
    expect(after.text).toContain('=1+1 &lt;script&gt;');
    expect(after.text).toContain('照合 花子');
  });

  it.each([
    ['no file at all', '', {}, '空です'],
    ['other columns', 'a,b\r\n1,2\r\n', {}, '見出し「取引番号」「金額」「発行日時」「区分」がありません'],
    ['only a heading', '取引番号,金額,発行日時,区分\r\n', {}, '行がありません'],
    ['bad rows', '取引番号,金額,発行日時,区分\r\n,1,,\r\nA,x,,\r\nB,1,昨日,発行\r\n', {}, '3行を読めない'],
    ['a spreadsheet', 'PK\u0003\u0004', {}, 'Excelのブック'],
    ['no period', '取引番号,金額,発行日時,区分\r\nA,1,,\r\n', { from: '' }, '期間のはじめとおわり'],
    ['a period that ends before it begins', '取引番号,金額,発行日時,区分\r\nA,1,,\r\n', { until: '2023-04-01' }, '期間のはじめとおわり'],
    ['an offer of nobody', '取引番号,金額\r\nA,1\r\n', { offer: 'x.y' }, '事業と交換先をえらんでください'],
  ])('takes nothing from %s', async (_what, body, fields, message) => {
    const before = await site.owner.db.selectFrom('statements').select('id').execute();
    const answer = await upload(body, fields);
    expect(answer.status).toBe(422);
    expect(answer.text).toContain(message);
    expect(await site.owner.db.selectFrom('statements').select('id').execute()).toHaveLength(before.length);
  });

  it('of another programme is not there', async () => {
    const bound = (await signInAs(site, 'operator', { campaigns: [] })).visitor;
    const { id } = await site.owner.db.selectFrom('statements').select('id').limit(1).executeTakeFirstOrThrow();
    expect((await bound.get(`/admin/reconciliation/${id}`)).status).toBe(404);
    expect((await bound.get('/admin/reconciliation')).text).not.toContain('明細5月.csv');
    expect((await operator.get('/admin/reconciliation/nobody')).status).toBe(404);
  });
});

describe('a row of a statement', () => {
  const header = ['取引番号', '金額', '発行日時', '区分'];
  it('is understood as people and machines write it', () => {
    const read = (cells: string[]) => readStatementRow(cells, header, USUAL_MAP);
    expect(read(['A', '-1,357', '2023/5/20 10:04', '取消'])).toEqual({
      ok: true,
      line: { reference: 'A', yen: 1_357n, at: new Date('2023-05-20T10:04:00+09:00'), kind: 'cancelled' },
    });
    expect(read(['', '1', '', ''])).toEqual({ ok: false, problem: 'reference_missing' });
    expect(read(['A'.repeat(201), '1', '', ''])).toEqual({ ok: false, problem: 'reference_too_long' });
    expect(readInstant('2023-05-20T01:04:00Z')).toEqual(new Date('2023-05-20T10:04:00+09:00'));
    expect(readInstant('20 May')).toBeUndefined();
  });
});
