import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cliEnv, runCli } from '../support/cli';
import { createTestDatabase, type TestDatabase } from '../support/database';

let database: TestDatabase;
let env: Record<string, string>;
let owner: pg.Client;

beforeAll(async () => {
  database = await createTestDatabase();
  env = { ...cliEnv(database.ownerUrl), PUBLIC_URL: 'https://uketori.example' };
  owner = new pg.Client(database.ownerUrl);
  await owner.connect();
});
afterAll(async () => {
  await owner.end();
  await database.drop();
});

const uketori = (...argv: string[]) => runCli(argv, env);
const FIRST = ['--login', 'ichiro', '--name', '管理 一郎', '--role', 'administrator'];

describe('uketori staff', () => {
  it('finds nobody on a fresh database', async () => {
    expect((await owner.query('select 1 from staff')).rows).toEqual([]);
    expect(await uketori('staff', 'list')).toEqual({ code: 0, out: '職員はまだいません\n', err: '' });
  });

  it('invites the first administrator by a link that it prints once and does not keep', async () => {
    const invited = await uketori('staff', 'invite', ...FIRST);
    expect(invited.code).toBe(0);
    expect(invited.out).toMatch(/^https:\/\/uketori\.example\/admin\/invitations\/[A-Za-z0-9_-]{22}\n$/);
    expect(invited.err).toContain('2023-05-21 10:00:0');
    const token = invited.out.trim().split('/').at(-1) ?? '';
    const { rows } = await owner.query(`select s::text || i::text || (select string_agg(a::text, '') from audit_entries a) as all
      from staff s, staff_invitations i`);
    expect(rows[0].all).not.toContain(token);
    expect(rows[0].all).toContain('invite_staff');
    expect((await uketori('staff', 'list')).out).toMatch(/ichiro\s+管理 一郎\s+administrator\s+すべての事業\s+招待中\s+-/);
  });

  it('prints the path where it does not know the address', async () => {
    const { PUBLIC_URL: _without, ...rest } = env;
    const again = await runCli(['staff', 'invite', '--login', 'ichiro', '--again'], rest);
    expect(again.out).toMatch(/^\/admin\/invitations\/[A-Za-z0-9_-]{22}\n$/);
    expect(again.err).toContain('PUBLIC_URL');
  });

  it.each([
    ['a login that is taken', FIRST, 'すでに使われています'],
    ['a login that is none', ['--login', 'x', '--name', 'X', '--role', 'viewer'], 'ログイン名は'],
    ['no name', ['--login', 'somebody', '--role', 'viewer'], '氏名'],
    ['an unknown role', ['--login', 'somebody', '--name', 'X', '--role', 'king'], '役割'],
    ['an unknown campaign', ['--login', 'somebody', '--name', 'X', '--role', 'viewer', '--campaign', 'nowhere'], 'そのような事業'],
    ['somebody unknown, again', ['--login', 'nobody', '--again'], 'そのような職員'],
  ])('refuses %s and writes nothing', async (_title, options, words) => {
    const before = (await owner.query('select count(*) from staff_invitations')).rows;
    const refused = await uketori('staff', 'invite', ...options);
    expect(refused).toMatchObject({ code: 1, out: '' });
    expect(refused.err).toContain(words);
    expect((await owner.query('select count(*) from staff_invitations')).rows).toEqual(before);
  });

  it('disables an account, but not the last administrator who can work', async () => {
    await uketori('staff', 'invite', '--login', 'jiro', '--name', '閲覧 次郎', '--role', 'viewer');
    expect(await uketori('staff', 'disable', 'jiro')).toMatchObject({ code: 0, out: '職員 jiro を使えなくしました\n' });
    expect((await uketori('staff', 'list')).out).toMatch(/jiro.*停止/);
    expect((await uketori('staff', 'invite', '--login', 'jiro', '--again')).err).toContain('停止されています');
    await owner.query(`update staff set password_hash = '$argon2id$x', totp_sealed = 'x', totp_key_id = 'k1' where login = 'ichiro'`);
    expect(await uketori('staff', 'disable', 'ichiro')).toMatchObject({ code: 1, out: '' });
    expect(await uketori('staff', 'disable', 'nobody')).toMatchObject({ code: 1, err: '職員 nobody はいません\n' });
  });

  it('shows a number only in a rehearsal', async () => {
    const production = { ...env, REHEARSAL: '0', NODE_ENV: 'test', PORTAL_NOW: '' };
    expect(await runCli(['staff', 'totp', 'jiro'], production)).toMatchObject({ code: 1, out: '' });
    expect((await uketori('staff', 'totp', 'jiro')).err).toContain('認証アプリを登録していません');
  });

  it('speaks English and JSON', async () => {
    const listed = await uketori('--json', 'staff', 'list');
    expect(JSON.parse(listed.out).staff).toHaveLength(2);
    expect((await uketori('--lang', 'en', 'staff', 'list')).out).toContain('disabled');
  });
});
