import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newKeyringEntry } from '~/crypto.server';
import { cliEnv, runCli } from '../support/cli';
import { createTestDatabase, type TestDatabase } from '../support/database';

const kumamoto = path.resolve('db/programmes/kumamoto-2023');
const bad = path.resolve('test/fixtures/grants-bad.csv');
/** Locks of this database that an import holds while it writes. */
const HELD = `pg_locks where locktype = 'advisory' and granted and database = (select oid from pg_database where datname = current_database())`;
const CAMPAIGN = ['--campaign', 'kumamoto-2023'];

let database: TestDatabase;
let env: Record<string, string>;
let folder: string;
let owner: pg.Client;

beforeAll(async () => {
  database = await createTestDatabase();
  env = cliEnv(database.ownerUrl);
  folder = mkdtempSync(path.join(os.tmpdir(), 'uketori-cli-'));
  owner = new pg.Client(database.ownerUrl);
  await owner.connect();
});
afterAll(async () => {
  await owner.end();
  await database.drop();
  rmSync(folder, { recursive: true, force: true });
});

const uketori = (...argv: string[]) => runCli(argv, env);
const count = async (table: string) => Number((await owner.query<{ n: string }>(`select count(*) as n from ${table}`)).rows[0]?.n);

describe('an operator', () => {
  it('loads a campaign and looks at it', async () => {
    expect(await uketori('campaign', 'load', path.join(kumamoto, 'campaign.json'))).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^事業 kumamoto-2023 を登録しました\n {2}ご案内のSMSは1通に収まらず、3通分の料金になります/),
      err: '',
    });
    const shown = await uketori('campaign', 'show', 'kumamoto-2023');
    expect(shown.out).toContain('受取期限: 2023-05-31 23:59:59');
    expect(shown.out).toContain('1件の上限: 1,000,000円');
    expect(await uketori('campaign', 'show', 'nowhere')).toMatchObject({ code: 1, out: '', err: '事業 nowhere はありません\n' });
  });

  it('judges a file before importing it', async () => {
    const judged = await uketori('grants', 'import', bad, ...CAMPAIGN, '--dry-run');
    expect(judged.code).toBe(1);
    expect(judged.out).toContain('23行を判定しました。取り込めるのは9件（合計 10,734円）です');
    expect(judged.out).toContain('12行目  KM-X-011  電話番号: 固定電話などにはSMSを送れません');
    expect(await count('grants')).toBe(0);
  });

  it('is told what kept a file out, and where the rejected rows are', async () => {
    const file = path.join(folder, 'bad.csv');
    writeFileSync(file, readFileSync(bad));
    const refused = await uketori('grants', 'import', file, ...CAMPAIGN);
    expect(refused).toMatchObject({ code: 1, out: '' });
    expect(refused.err).toContain('23行のうち14行に誤りがあるため、取り込みませんでした');
    expect(refused.err).toContain(`受け付けなかった行: ${file}.rejected.csv`);
    expect(readFileSync(`${file}.rejected.csv`, 'utf8')).toContain('KM-X-004');
    expect(await count('grants')).toBe(0);
    expect(await uketori('grants', 'import', file, ...CAMPAIGN, '--rejected', file)).toMatchObject({ code: 2 });
  });

  it('imports grants, and the same file once only', async () => {
    const file = path.join(kumamoto, 'grants-app.csv');
    expect(await uketori('grants', 'import', file, ...CAMPAIGN)).toMatchObject({
      code: 0,
      out: '5,000件の付与を取り込みました（合計 15,159,411円）\n',
    });
    const again = await uketori('grants', 'import', file, ...CAMPAIGN);
    expect(again.code).toBe(0);
    expect(again.out).toMatch(/は 2023-05-20 10:00:\d\d に取込済みです（5,000件、15,159,411円）。新しく取り込んだものはありません/);
    expect(await count('grants')).toBe(5000);
  });

  it('loads stock, in English if wanted', async () => {
    const file = path.join(kumamoto, 'stock-edy.csv');
    const loaded = await uketori('stock', 'load', file, ...CAMPAIGN, '--provider', 'edy', '--lang', 'en');
    expect(loaded).toMatchObject({ code: 0 });
    expect(loaded.out).toContain('put 800 codes in stock (920,000 yen in all)');
    const paypay = path.join(kumamoto, 'stock-paypay-1000.csv');
    expect((await uketori('stock', 'load', paypay, ...CAMPAIGN, '--provider', 'paypay')).err).toContain('--yen');
    expect(await uketori('stock', 'load', paypay, ...CAMPAIGN, '--provider', 'paypay', '--yen', '1000')).toMatchObject({ code: 0 });
  });

  it('proves every yen, for people and for scripts', async () => {
    const proof = await uketori('proof');
    expect(proof.code).toBe(0);
    expect(proof.out).toMatch(/kumamoto-2023 +15,159,411円 +15,159,411円 +0円 +0円 +0円 +0円/);
    expect(proof.out).toContain('すべて1円単位で一致しています');
    const json = await uketori('proof', '--json', ...CAMPAIGN);
    expect(JSON.parse(json.out)).toMatchObject({ exact: true, campaigns: [{ grantedYen: 15_159_411, unexplainedYen: 0 }] });
  });

  it('rotates the keys, and is told which old key can go', async () => {
    const later = { ...env, SEAL_KEYS: `${newKeyringEntry('k2')},${env.SEAL_KEYS}` };
    const rotated = await runCli(['keys', 'rotate'], later);
    expect(rotated.code).toBe(0);
    expect(rotated.out).toContain('6,200件を現在の鍵で封じ直しました');
    expect(rotated.out).toMatch(/SEAL_KEYS +k2 +6,200 {2}現在の鍵/);
    expect(rotated.out).toMatch(/SEAL_KEYS +k1 +0 {2}もう使われていません/);
    env = later;
  });

  it('lets the rest lapse after the deadline', async () => {
    const early = await uketori('lapse', ...CAMPAIGN);
    expect(early).toMatchObject({ code: 0, out: '0件、0円を失効させました\n' });
    const june = { ...env, PORTAL_NOW: '2023-06-01T00:00:00+09:00' };
    const dry = await runCli(['lapse', ...CAMPAIGN, '--dry-run'], june);
    expect(dry.out).toBe('5,000件、15,159,411円が失効の対象です（まだ何も書いていません）\n');
    const done = await runCli(['lapse', ...CAMPAIGN, '--json'], june);
    expect(JSON.parse(done.out)).toMatchObject({ grants: 5000, yen: 15_159_411, finished: true });
    expect((await uketori('proof')).out).toMatch(/kumamoto-2023 +15,159,411円 +0円 +0円 +0円 +15,159,411円 +0円/);
  });

  it('is told of one yen that is missing, by ids, with exit code 1', async () => {
    const admin = new pg.Client(database.superuserUrl);
    await admin.connect();
    await admin.query(
      `set session_replication_role = replica; update grants set granted_yen = granted_yen + 1 where number = 'KM-A-000001'`,
    );
    const grant = (await admin.query<{ id: string }>(`select id from grants where number = 'KM-A-000001'`)).rows[0];
    await admin.end();
    const proof = await uketori('proof');
    expect(proof.code).toBe(1);
    expect(proof.out).toContain(`付与の額＝仕訳の額: kumamoto-2023 ${grant?.id}: あるべき額 11,145円、実際 11,144円`);
  });
});

describe('the command line', () => {
  it.each([
    ['an unknown command', ['nope']],
    ['a missing option', ['grants', 'import', bad]],
    ['no whole yen', ['stock', 'load', bad, ...CAMPAIGN, '--provider', 'edy', '--yen', '1.5']],
    ['a key id that is none', ['keys', 'new', '--id', 'K 1']],
  ])('answers %s with exit code 2', async (_what, argv) => {
    const { code, out, err } = await runCli(argv, env);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).not.toBe('');
  });

  it('names everything that the environment lacks, with exit code 3 and without a value', async () => {
    const { code, err } = await runCli(['proof'], { DATABASE_URL: 'secret', SEAL_KEYS: 'k1:secret' });
    expect(code).toBe(3);
    for (const name of ['DATABASE_URL', 'SEAL_KEYS', 'INDEX_KEYS', 'LINK_KEYS']) expect(err).toContain(`- ${name} is `);
    expect(err).not.toContain('secret');
    expect((await runCli(['proof', '--json'], {})).out).toContain('"reason":"environment"');
  });

  it.each([
    ['a database that does not answer', () => 'postgres://a:b@127.0.0.1:9/x', 'データベースに接続できません'],
    ['a role without the rights', () => database.workerUrl, '表の所有者の接続が必要です'],
  ])('answers %s with one line and exit code 3', async (_what, url, line) => {
    const { code, err } = await runCli(['keys', 'rotate'], { ...env, DATABASE_URL: url() });
    expect({ code, err }).toEqual({ code: 3, err: expect.stringContaining(line) as string });
    expect(err.trim().split('\n')).toHaveLength(1);
  });

  it('refuses a moved clock in production', async () => {
    const { REHEARSAL: _left, ...production } = env;
    expect(await runCli(['proof'], production)).toMatchObject({ code: 3, err: expect.stringContaining('PORTAL_NOW') as string });
  });

  it('prints a new key where it can be piped', async () => {
    const { code, out, err } = await runCli(['keys', 'new', '--id', 'k9'], {});
    expect(code).toBe(0);
    expect(out).toMatch(/^k9:[A-Za-z0-9+/]{43}=\n$/);
    expect(err).toContain('秘密');
  });

  it('reads a file of environment variables', async () => {
    const file = path.join(folder, 'env');
    writeFileSync(
      file,
      Object.entries(env)
        .map(([name, value]) => `${name}="${value}"\n`)
        .join(''),
    );
    expect((await runCli(['--env-file', file, 'campaign', 'show', 'kumamoto-2023'], {})).code).toBe(0);
    expect(await runCli(['--env-file', path.join(folder, 'none'), 'proof'], {})).toMatchObject({ code: 3 });
  });

  it('explains itself in both languages', async () => {
    expect((await runCli(['--help'], {})).out).toContain('受取ポータルの運用コマンド');
    expect((await runCli(['--help'], { LANG: 'en_GB.UTF-8' })).out).toContain("operator's command line");
  });
});

describe('Ctrl-C', () => {
  it('ends an import with nothing written', async () => {
    const rows = Array.from({ length: 200_000 }, (_, i) => `CC-${i},,,,090-0000-0001,,1000,SMS`);
    const file = path.join(folder, 'long.csv');
    writeFileSync(file, `付与番号,お問合せ番号,氏名,フリガナ,電話番号,メールアドレス,残額,送付方法\n${rows.join('\n')}\n`);
    const child = spawn(process.execPath, ['--import', 'tsx', 'app/entry.cli.ts', 'grants', 'import', file, ...CAMPAIGN], {
      env: { PATH: process.env.PATH, ...env } as Record<string, string> as NodeJS.ProcessEnv,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let err = '';
    child.stderr.on('data', (chunk: Buffer) => {
      err += chunk.toString();
    });
    const exited = once(child, 'exit');
    await expect.poll(() => count(HELD), { timeout: 20_000 }).toBeGreaterThan(0);
    child.kill('SIGINT');
    expect(await exited).toEqual([130, null]);
    expect(err).toBe('中断しました。何も書き込まれていません\n');
    expect(Number((await owner.query<{ n: string }>(`select count(*) as n from grants where number like 'CC-%'`)).rows[0]?.n)).toBe(0);
  });
});
