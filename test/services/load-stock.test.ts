import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { loadStock, type StockLoad } from '~/services/load-stock';
import { type BulkTestPortal, makeBulkPortal } from '../support/bulk-portal';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { insertProgramme } from '../support/programme';
import { stockReader } from '../support/stock-reader';

const programme = path.resolve('db/programmes/kumamoto-2023');
const HEADER = 'ギフトID,額面,管理番号,有効期限,URL';
const FACES = { kind: 'fixed' as const, faceValuesYen: [100, 500, 1000], maxCodes: 20 };

let database: TestDatabase;
let portal: BulkTestPortal;
let folder: string;
let campaignId: string;
let campaigns = 0;

beforeAll(async () => {
  database = await createTestDatabase();
  portal = makeBulkPortal(database.ownerUrl);
  folder = mkdtempSync(path.join(os.tmpdir(), 'uketori-stock-'));
});

afterAll(async () => {
  await portal.close();
  await database.drop();
  rmSync(folder, { recursive: true, force: true });
});

beforeEach(async () => {
  campaigns += 1;
  campaignId = await insertProgramme(
    portal,
    [
      { provider: 'ponta', source: 'stock', amount: FACES },
      { provider: 'paypay', source: 'stock' },
    ],
    `s-${campaigns}`,
  );
});

function load(file: string, options: Partial<StockLoad> = {}) {
  const provider = options.provider ?? 'ponta';
  return loadStock(portal, { campaignId, provider, file, reader: stockReader(provider), actor: 'test', ...options });
}

function delivered(name: string, rows: readonly string[]): string {
  const at = path.join(folder, name);
  writeFileSync(at, `\ufeff${[HEADER, ...rows].join('\r\n')}\r\n`);
  return at;
}

const code = (n: number, face = 100) =>
  `STOCK${String(campaigns).padStart(4, '0')}${String(n).padStart(7, '0')},${face},123,2023-09-30,https://ponta.example/gift?id=x`;
const onShelf = () => portal.db.selectFrom('stock_codes').selectAll().where('campaign_id', '=', campaignId).execute();

describe('a delivered stock file', () => {
  it('is loaded with every code sealed for its row', async () => {
    const result = await load(path.join(programme, 'stock-ponta.csv'));
    expect(result).toMatchObject({
      kind: 'loaded',
      rows: 600,
      totalYen: 320_000n,
      faces: [100, 500, 1000].map((yen) => ({ yen, codes: 200 })),
    });
    const rows = await onShelf();
    expect(rows).toHaveLength(600);
    const row = rows.find(({ digest }) => digest.equals(portal.crypto.codeDigest('ponta', 'TESTGD85S4SKKE5H')));
    expect(row).toMatchObject({ yen: 100n, expires_on: '2023-09-30', starts_on: null, issuance_id: null });
    const content = portal.crypto.open('stock_codes.code', row?.id ?? '', row?.code_sealed ?? Buffer.alloc(0), row?.code_key_id ?? '');
    expect(JSON.parse(content)).toEqual({
      code: 'TESTGD85S4SKKE5H',
      url: 'https://ponta.example/gift?id=TESTGD85S4SKKE5H',
      managementNo: '5632492203',
    });
  });

  it('without face values needs one', async () => {
    const file = path.join(programme, 'stock-paypay-1000.csv');
    expect(await load(file, { provider: 'paypay' })).toEqual({ kind: 'refused', reason: 'face_value_missing' });
    expect(await load(file, { provider: 'paypay', yen: 1000 })).toMatchObject({ kind: 'loaded', rows: 400, totalYen: 400_000n });
    expect((await onShelf())[0]).toMatchObject({ starts_on: '2023-04-01', expires_on: '2023-09-30' });
  });

  it('a second time loads nothing', async () => {
    const file = delivered('twice.csv', [code(1), code(2)]);
    await load(file);
    expect(await load(file)).toMatchObject({ kind: 'repeated', past: { acceptedCount: 2, totalYen: 200n } });
    expect(await onShelf()).toHaveLength(2);
  });
});

describe('nothing of a file is loaded', () => {
  it('when one code of it is in stock already; the row is named, the code is not', async () => {
    await load(delivered('one.csv', [code(1), code(2)]));
    const result = await load(delivered('two.csv', [code(3), code(2)]));
    expect(result).toEqual({ kind: 'rejected', rows: 2, rejected: 1, problems: [{ row: 3, problem: 'already_in_stock' }] });
    expect(JSON.stringify(result)).not.toContain('STOCK');
    expect(await onShelf()).toHaveLength(2);
  });

  it('when a code stands in it twice, has expired, or has a face value that is not offered', async () => {
    const rows = [
      code(1),
      code(1),
      code(2).replace('2023-09-30', '2023-05-19'),
      code(3, 300),
      ...Array.from({ length: 2_500 }, (_, i) => code(100 + i)),
    ];
    expect(await load(delivered('bad.csv', rows))).toEqual({
      kind: 'rejected',
      rows: 2_504,
      rejected: 3,
      problems: [
        { row: 3, problem: 'duplicate_in_file', firstRow: 2 },
        { row: 4, problem: 'expired' },
        { row: 5, problem: 'face_value_not_offered' },
      ],
    });
    expect(await onShelf()).toHaveLength(0);
  });

  it('when it is another provider’s file, empty, or for a campaign without the offer', async () => {
    expect(await load(path.join(programme, 'stock-paypay-1000.csv'))).toMatchObject({
      kind: 'rejected',
      problems: [{ problem: 'header_unknown' }],
    });
    expect(await load(delivered('header.csv', []))).toEqual({ kind: 'refused', reason: 'no_rows' });
    expect(await load(delivered('edy.csv', [code(1)]), { provider: 'edy' })).toEqual({ kind: 'refused', reason: 'offer_unknown' });
    expect(await load(path.join(folder, 'nowhere.csv'))).toEqual({ kind: 'refused', reason: 'file', trouble: 'not_found' });
  });

  it('when it is interrupted', async () => {
    const stop = new AbortController();
    const file = delivered(
      'long.csv',
      Array.from({ length: 5_000 }, (_, i) => code(i)),
    );
    const loading = load(file, { signal: stop.signal, onProgress: () => stop.abort(new Error('stopped')) });
    await expect(loading).rejects.toThrow('stopped');
    expect(await onShelf()).toHaveLength(0);
  });
});

it('two files with one code in common, loaded at once, give it once', async () => {
  const a = delivered('a.csv', [code(1), code(2)]);
  const b = delivered('b.csv', [code(2), code(3)]);
  const results = await Promise.all([load(a), load(b)]);
  expect(results.filter((result) => result.kind === 'loaded')).toHaveLength(1);
  expect(await onShelf()).toHaveLength(2);
  expect(readFileSync(a, 'utf8')).toContain('STOCK');
});
