import fs from 'node:fs';
import { describe, expect, it } from 'vitest';
import { channels } from '#adapters/channels/registry';
import { providers } from '#adapters/providers/registry';
import { standInEnvironment } from '#adapters/providers/stand-in-server';
import { ConfigError, type Environment, readConfig, VARIABLES } from '~/config.server';

const key = (id: string, byte: number) =>
  `${id}:${Buffer.from(Array.from({ length: 32 }, (_, i) => (i * 7 + byte) % 256)).toString('base64')}`;
const complete: Environment = {
  NODE_ENV: 'production',
  DATABASE_URL: 'postgres://uketori_web:x@db:5432/uketori',
  PUBLIC_URL: 'https://uketori.example.jp/',
  SEAL_KEYS: `${key('b', 1)},${key('a', 2)}`,
  INDEX_KEYS: key('a', 3),
  LINK_KEYS: key('a', 4),
  ...standInEnvironment('http://127.0.0.1:4000'),
};

function problemsOf(env: Environment): readonly string[] {
  try {
    readConfig(env, providers, channels);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
}

describe('the configuration', () => {
  it('is read from a complete environment, with defaults where there are any', () => {
    const config = readConfig(complete, providers);
    expect(config).toMatchObject({ production: true, port: 3000, proxyHops: 0, publicUrl: 'https://uketori.example.jp', portalNow: null });
    expect(config.keys.seal.keys.map(({ id }) => id)).toEqual(['b', 'a']);
    expect([...config.providerSettings.keys()]).toEqual(providers.map(({ id }) => id));
  });

  it('names everything that is missing at once: its own variables and those of every provider', () => {
    const problems = problemsOf({ NODE_ENV: 'production' });
    const names = [
      'DATABASE_URL',
      'PUBLIC_URL',
      'SEAL_KEYS',
      'INDEX_KEYS',
      'LINK_KEYS',
      ...providers.map(({ id }) => `${id.toUpperCase()}_BASE_URL`),
    ];
    for (const name of names)
      expect(
        problems.filter((problem) => problem.startsWith(`${name} is missing: `)),
        name,
      ).toHaveLength(1);
  });

  it.each([
    ['PORT', '70000'],
    ['PORT', '3e3'],
    ['PROXY_HOPS', '-1'],
    ['DATABASE_URL', 'mysql://x/y'],
    ['PUBLIC_URL', 'https://example.jp/path'],
    ['SEAL_KEYS', 'a:c2hvcnQ='],
    ['SEAL_KEYS', `a:${Buffer.alloc(32).toString('base64')}`],
    ['LOG_LEVEL', 'loud'],
    ['PORTAL_NOW', '20 May 2023'],
    ['REHEARSAL', 'yes'],
  ])('refuses %s=%s and never repeats the value', (name, value) => {
    const problems = problemsOf({ ...complete, [name]: value });
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(new RegExp(`^${name} is malformed: `));
    expect(problems[0]).not.toContain(value);
  });

  it('takes an empty variable for a missing one', () => {
    expect(problemsOf({ ...complete, SEAL_KEYS: '' })).toEqual([expect.stringMatching(/^SEAL_KEYS is missing/)]);
    expect(problemsOf({ ...complete, PORTAL_NOW: '' })).toEqual([]);
  });

  it.each([undefined, 'production', 'prod'])('refuses a moved clock when NODE_ENV is %s', (NODE_ENV) => {
    const moved = { ...complete, NODE_ENV, PORTAL_NOW: '2023-05-20T10:00:00+09:00' };
    expect(problemsOf(moved)).toEqual([expect.stringMatching(/^PORTAL_NOW is not for production/)]);
    expect(readConfig({ ...moved, REHEARSAL: '1' }, providers).portalNow).toEqual(new Date('2023-05-20T01:00:00Z'));
  });

  it('refuses a public address without https, unless it is a rehearsal', () => {
    expect(problemsOf({ ...complete, PUBLIC_URL: 'http://localhost:3000' })).toEqual(['PUBLIC_URL must be https in production']);
    expect(problemsOf({ ...complete, PUBLIC_URL: 'http://localhost:3000', REHEARSAL: '1' })).toEqual([]);
  });

  it('takes the mail channel whole or not at all', () => {
    const idsOf = (env: Environment) => [...readConfig(env, providers, channels).channelSettings.keys()];
    expect(idsOf(complete)).toEqual([]);
    expect(idsOf({ ...complete, MAIL_SMTP_HOST: 'smtp.example.jp' })).toEqual(['mail']);
    expect(problemsOf({ ...complete, MAIL_SMTP_USER: 'uketori' })).toEqual([expect.stringMatching(/^MAIL_SMTP_HOST is missing: /)]);
    const wrong = problemsOf({ ...complete, MAIL_SMTP_HOST: 'smtp.example.jp', MAIL_SMTP_TLS: 'none' });
    expect(wrong).toEqual([expect.stringMatching(/^MAIL_SMTP_TLS is malformed: /)]);
  });

  it('shows messages instead of sending them only in a rehearsal, and then sends none', () => {
    const shown = { ...complete, OUTBOX: '1', MAIL_SMTP_HOST: 'smtp.example.jp' };
    expect(problemsOf(shown)).toEqual([expect.stringMatching(/^OUTBOX is for rehearsals only/)]);
    const config = readConfig({ ...shown, REHEARSAL: '1' }, providers, channels);
    expect([...config.channelSettings.keys()]).toEqual(['outbox']);
    expect(config.outbox).toBe(true);
  });

  it('stands whole in .env.example, with an explanation above each variable and no secret in it', () => {
    const lines = fs.readFileSync('.env.example', 'utf8').split('\n');
    const own = Object.entries(VARIABLES).map(([name, { secret }]) => ({ name, secret: secret ?? false }));
    const adapters = [...providers, ...channels].flatMap(({ settings }) => settings.variables);
    for (const { name, secret } of [...own, ...adapters]) {
      const at = lines.findIndex((line) => line.startsWith(`${name}=`));
      expect(at, name).toBeGreaterThan(0);
      if (secret) expect(lines[at], name).toBe(`${name}=`);
    }
  });

  it('stands in compose.yaml as two web processes and two workers, each with its own role', async () => {
    const { parse } = await import('yaml');
    const { services } = parse(fs.readFileSync('compose.yaml', 'utf8'), { merge: true });
    expect(services.web).toMatchObject({ command: 'web', deploy: { replicas: 2 } });
    expect(services.worker).toMatchObject({ command: 'worker', deploy: { replicas: 2 } });
    expect(services.web.environment.DATABASE_URL).toContain('//uketori_web:');
    expect(services.worker.environment.DATABASE_URL).toContain('//uketori_worker:');
  });
});
