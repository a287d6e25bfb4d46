import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { normaliseKana, normaliseName } from '~/domain/contact';
import { type GrantImport, type GrantImportResult, importGrants } from '~/services/import-grants';
import { openContact } from '~/services/parts/sealed-contact';
import { type BulkTestPortal, makeBulkPortal } from '../support/bulk-portal';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { movingDeadline } from '../support/moving-deadline';
import { DEADLINE, insertProgramme } from '../support/programme';

const fixtures = path.resolve('test/fixtures');
const HEADER = '付与番号,お問合せ番号,氏名,フリガナ,電話番号,メールアドレス,残額,送付方法';
const row = (number: string, yen: number | string = 1000) => `${number},,山田 花子,ヤマダ ハナコ,090-0000-0001,,${yen},SMS`;

let database: TestDatabase;
let portal: BulkTestPortal;
let folder: string;
let campaignId: string;
let campaigns = 0;

beforeAll(async () => {
  database = await createTestDatabase();
  portal = makeBulkPortal(database.ownerUrl);
  folder = mkdtempSync(path.join(os.tmpdir(), 'uketori-import-'));
});

afterAll(async () => {
  await portal.close();
  await database.drop();
  rmSync(folder, { recursive: true, force: true });
});

beforeEach(async () => {
  campaigns += 1;
  campaignId = await insertProgramme(portal, [{ provider: 'amazon' }], `c-${campaigns}`);
});

function file(name: string, content: string | Buffer): string {
  const at = path.join(folder, name);
  writeFileSync(at, content);
  return at;
}

function rowsFile(name: string, rows: readonly string[]): string {
  return file(name, `${[HEADER, ...rows].join('\r\n')}\r\n`);
}

function run(at: string, options: Partial<GrantImport> = {}): Promise<GrantImportResult> {
  return importGrants(portal, { campaignId, file: at, actor: 'test', rejectedFile: null, ...options });
}

async function counted(): Promise<{ recipients: number; grants: number; imports: number; entries: number; yen: bigint }> {
  const { rows } = await sql<{ recipients: number; grants: number; imports: number; entries: number; yen: bigint }>`
    select (select count(*)::int from recipients where campaign_id = ${campaignId}) as recipients,
      (select count(*)::int from grants where campaign_id = ${campaignId}) as grants,
      (select count(*)::int from imports where campaign_id = ${campaignId}) as imports,
      (select count(*)::int from journal_entries where campaign_id = ${campaignId}) as entries,
      (select coalesce(sum(yen), 0)::bigint from postings where campaign_id = ${campaignId} and account = 'grant') as yen
  `.execute(portal.db);
  return rows[0] as never;
}

const NOTHING = { recipients: 0, grants: 0, imports: 0, entries: 0, yen: 0n };

describe('a good file', () => {
  it('makes recipients, grants with links and ledger entries, with contacts sealed and findable', async () => {
    const result = await run(path.join(fixtures, 'grants-app.cp932.csv'));
    expect(result).toMatchObject({ kind: 'imported', rows: 1200, accepted: 1200, rejected: 0, rejectedFile: null });
    const counts = await counted();
    expect(counts).toMatchObject({ recipients: 1200, grants: 1200, imports: 1, entries: 1 });
    expect(result.kind === 'imported' && result.totalYen).toBe(counts.yen);

    const grant = await portal.db
      .selectFrom('grants as g')
      .innerJoin('recipients as r', 'r.id', 'g.recipient_id')
      .where('g.campaign_id', '=', campaignId)
      .where('g.number', '=', 'KM-A-000005')
      .selectAll('g')
      .select(['contact_sealed', 'contact_key_id', 'index_key_id', 'name_index', 'kana_index', 'phone_index', 'mail_index'])
      .executeTakeFirstOrThrow();
    expect(grant).toMatchObject({ inquiry_number: '434043269091', granted_yen: 811n, channel: 'sms', link_generation: 1 });
    expect(grant.deadline_at).toEqual(DEADLINE);
    expect(grant.link_digest).toEqual(portal.crypto.linkDigest(portal.crypto.linkToken(grant.id, 1)));
    expect(grant.contact_sealed.toString('utf8')).not.toContain('幸子');
    const contact = openContact(portal.crypto, { ...grant, id: grant.recipient_id });
    expect(contact).toEqual({ name: '髙橋 幸子', kana: 'タカハシ サチコ', phone: '+817000000005', mail: null });
    expect(grant.name_index).toEqual(portal.crypto.index('name', normaliseName('高橋幸子')));
    expect(grant.kana_index).toEqual(portal.crypto.index('kana', normaliseKana('たかはし　さちこ')));
    expect(grant.phone_index).toEqual(portal.crypto.index('phone', '+817000000005'));
    expect(grant.mail_index).toBeNull();
  });

  it('reads the same in UTF-8 with and without mark and in CP932', async () => {
    const cp932 = await run(path.join(fixtures, 'grants-app.cp932.csv'), { dryRun: true });
    const text = new TextDecoder('shift_jis').decode(readFileSync(path.join(fixtures, 'grants-app.cp932.csv')));
    expect(await run(file('utf8.csv', text), { dryRun: true })).toEqual(cp932);
    expect(await run(file('utf8-bom.csv', `\ufeff${text}`), { dryRun: true })).toEqual(cp932);
  });

  it('may have its columns in any order, line feeds alone and blank lines', async () => {
    const at = file(
      'order.csv',
      '送付方法,残額,メールアドレス,電話番号,フリガナ,氏名,お問合せ番号,付与番号\n\nメール,10,a@example.jp,,,,,N-1\n\n',
    );
    expect(await run(at)).toMatchObject({ kind: 'imported', rows: 1, totalYen: 10n });
  });

  it('is imported in several batches, each with an entry of its own that sums to zero', async () => {
    const at = rowsFile(
      'many.csv',
      Array.from({ length: 11_000 }, (_, i) => row(`M-${i}`, (i % 5_000) + 1)),
    );
    const seen: number[] = [];
    await run(at, { onProgress: ({ doneBytes, totalBytes }) => seen.push(doneBytes / totalBytes) });
    expect(await counted()).toMatchObject({ grants: 11_000, entries: 6 });
    expect(seen.at(-1)).toBe(1);
    expect(seen).toEqual([...seen].sort((a, b) => a - b));
  });

  it('imports nothing new a second time, under whatever name, and says when it came', async () => {
    const at = rowsFile('once.csv', [row('A-1'), row('A-2')]);
    await run(at);
    const before = await counted();
    const again = await run(file('renamed.csv', readFileSync(at)));
    expect(again).toMatchObject({ kind: 'repeated', past: { acceptedCount: 2, totalYen: 2000n, at: portal.clock.now() } });
    expect(await counted()).toEqual(before);
  });
});

describe('a deadline that moves while a file is read', () => {
  it('is the deadline of its grants', async () => {
    const to = new Date('2023-07-01T00:00:00+09:00');
    const bulk = movingDeadline(portal, { campaignId, to, before: 1 });
    const input = { campaignId, file: rowsFile('moved.csv', [row('KM-1')]), actor: 'test', rejectedFile: null };
    expect(await importGrants({ ...portal, bulk }, input)).toMatchObject({ kind: 'imported', accepted: 1 });
    const grants = await portal.db.selectFrom('grants').select('deadline_at').where('campaign_id', '=', campaignId).execute();
    expect(grants).toEqual([{ deadline_at: to }]);
  });
});

describe('a file with bad rows', () => {
  const bad = path.join(fixtures, 'grants-bad.csv');

  it('is refused as a whole and named row by row', async () => {
    const rejectedFile = path.join(folder, 'rejected.csv');
    const result = await run(bad, { rejectedFile });
    expect(result).toMatchObject({ kind: 'rejected', rows: 23, accepted: 9, rejected: 14, rejectedFile });
    expect(await counted()).toEqual(NOTHING);
    const lines = readFileSync(rejectedFile, 'utf8').split('\r\n');
    expect(lines[0]).toBe('\ufeff行,付与番号,列,問題');
    expect(lines[1]).toBe('5,KM-X-004,残額,残額は1円以上です');
    expect(lines).toContain('20,KM-X-001,付与番号,付与番号がこのファイルで2回使われています');
    expect(lines).toHaveLength(14 + 2);
  });

  it('is imported without them when they are to be skipped', async () => {
    expect(await run(bad, { skipBad: true })).toMatchObject({ kind: 'imported', accepted: 9, rejected: 14 });
    expect(await counted()).toMatchObject({ recipients: 9, grants: 9, yen: 1000n * 7n + 1234n + 2500n });
    const { name } = openContact(
      portal.crypto,
      await portal.db
        .selectFrom('recipients as r')
        .innerJoin('grants as g', 'g.recipient_id', 'r.id')
        .where('g.campaign_id', '=', campaignId)
        .where('g.number', '=', 'KM-X-017')
        .select(['r.id', 'contact_sealed', 'contact_key_id'])
        .executeTakeFirstOrThrow(),
    );
    expect(name).toBe('=HYPERLINK("http://example.jp","x")');
  });

  it('is only judged in a dry run', async () => {
    expect(await run(bad, { dryRun: true })).toMatchObject({ kind: 'checked', accepted: 9, rejected: 14 });
    expect(await counted()).toEqual(NOTHING);
  });

  it('is refused as a whole also when the bad row comes after many batches', async () => {
    const rows = Array.from({ length: 12_000 }, (_, i) => row(`L-${i}`));
    expect(await run(rowsFile('late.csv', [...rows, row('L-x', 0)]))).toMatchObject({ kind: 'rejected', accepted: 12_000, rejected: 1 });
    expect(await counted()).toEqual(NOTHING);
  });

  it('neutralises formulas in the rejected-rows file', async () => {
    const rejectedFile = path.join(folder, 'formula.csv');
    await run(rowsFile('formula-in.csv', ['"=cmd|""/c calc""!A1",,,,,,1000,SMS']), { rejectedFile });
    expect(readFileSync(rejectedFile, 'utf8')).toContain(`2,"'=cmd|""/c calc""!A1",`);
  });

  it('names a grant number that the campaign has already', async () => {
    await run(rowsFile('first.csv', [row('E-1')]));
    const before = await counted();
    const second = rowsFile('second.csv', [row('E-2'), row('E-1', 5)]);
    expect(await run(second)).toMatchObject({ kind: 'rejected', examples: [{ row: 3, number: 'E-1', problems: ['number_exists'] }] });
    expect(await counted()).toEqual(before);
    expect(await run(second, { skipBad: true })).toMatchObject({ kind: 'imported', accepted: 1, rejected: 1 });
    expect(await counted()).toMatchObject({ grants: 2, yen: 2000n });
  });

  it('with no good row is not imported', async () => {
    expect(await run(rowsFile('none-good.csv', [row('Z-1', 0)]), { skipBad: true })).toMatchObject({ kind: 'rejected', accepted: 0 });
    expect(await counted()).toEqual(NOTHING);
  });
});

describe('a file that cannot be read', () => {
  it.each<[string, Buffer | string, object]>([
    ['empty', '', { reason: 'file', trouble: 'empty' }],
    ['in UTF-16', Buffer.from(`\ufeff${HEADER}\r\n`, 'utf16le'), { reason: 'file', trouble: 'utf16' }],
    ['in UTF-16 without mark', Buffer.from(`${HEADER},a,b,c,d,e,f,g\r\n`.repeat(3), 'utf16le'), { reason: 'file', trouble: 'utf16' }],
    ['an Excel workbook', Buffer.from('PK\u0003\u0004xxxxxxxx'), { reason: 'file', trouble: 'spreadsheet' }],
    [
      'in no known encoding',
      Buffer.concat([Buffer.from(HEADER), Buffer.from([0x0a, 0xff, 0xfd, 0x80])]),
      { reason: 'file', trouble: 'encoding' },
    ],
    ['with an open quotation mark', `${HEADER}\n"A-1,,,,,,1000,SMS\n`, { reason: 'file', trouble: 'malformed', row: 2 }],
    ['with a heading too many', `${HEADER},備考\n`, { reason: 'header', header: [{ kind: 'unknown', column: '備考' }] }],
    ['without rows', `${HEADER}\r\n`, { reason: 'no_rows' }],
  ])('%s is refused with the reason', async (name, content, expected) => {
    expect(await run(file(`${name}.csv`, content))).toEqual({ kind: 'refused', ...expected });
    expect(await counted()).toEqual(NOTHING);
  });

  it('or is not there is refused', async () => {
    expect(await run(path.join(folder, 'nowhere.csv'))).toEqual({ kind: 'refused', reason: 'file', trouble: 'not_found' });
    expect(await run(folder)).toEqual({ kind: 'refused', reason: 'file', trouble: 'not_readable' });
  });

  it('into a campaign that does not exist is refused', async () => {
    expect(await run(path.join(fixtures, 'grants-bad.csv'), { campaignId: 'nowhere' })).toEqual({
      kind: 'refused',
      reason: 'campaign_unknown',
    });
  });
});

describe('an import that is interrupted', () => {
  it('writes nothing', async () => {
    const at = rowsFile(
      'stopped.csv',
      Array.from({ length: 30_000 }, (_, i) => row(`S-${i}`)),
    );
    const stop = new AbortController();
    const running = run(at, {
      signal: stop.signal,
      onProgress: ({ rows }) => {
        if (rows > 15_000) stop.abort(new Error('stopped'));
      },
    });
    await expect(running).rejects.toThrow('stopped');
    expect(await counted()).toEqual(NOTHING);
    expect(await run(at)).toMatchObject({ kind: 'imported', accepted: 30_000 });
  });

  it('by a file that changes under it writes nothing', async () => {
    const at = rowsFile(
      'changing.csv',
      Array.from({ length: 12_000 }, (_, i) => row(`C-${i}`)),
    );
    let changed = false;
    const result = await run(at, {
      onProgress: () => {
        if (!changed)
          rowsFile(
            'changing.csv',
            Array.from({ length: 12_000 }, (_, i) => row(`C-${i}`, 9)),
          );
        changed = true;
      },
    });
    expect(result).toEqual({ kind: 'refused', reason: 'file', trouble: 'changed' });
    expect(await counted()).toEqual(NOTHING);
  });

  it('two at once into one campaign: one is told to wait', async () => {
    const a = rowsFile(
      'at-once-a.csv',
      Array.from({ length: 12_000 }, (_, i) => row(`P-${i}`)),
    );
    const b = rowsFile(
      'at-once-b.csv',
      Array.from({ length: 12_000 }, (_, i) => row(`P-${i}`, 7)),
    );
    const kinds = (await Promise.all([run(a), run(b)])).map((result) => (result.kind === 'refused' ? result.reason : result.kind));
    expect(kinds.sort()).toEqual(['busy', 'imported']);
    expect(await counted()).toMatchObject({ grants: 12_000, imports: 1 });
  });
});
