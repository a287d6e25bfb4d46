import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { standInEnvironment } from '#adapters/providers/stand-in-server';
import { makeDb, makePool } from '#db/database';
import { takeSlot } from '#db/slots';
import { openWebContext } from '~/context.server';
import { createTestDatabase, type TestDatabase } from '../support/database';

let database: TestDatabase;
let processes: Awaited<ReturnType<typeof openWebContext>>[];

beforeAll(async () => {
  database = await createTestDatabase();
  const ring = () => `k1:${randomBytes(32).toString('base64')}`;
  const environment = {
    ...standInEnvironment('http://127.0.0.1:9'),
    NODE_ENV: 'test',
    LOG_LEVEL: 'error',
    DATABASE_URL: database.webUrl,
    PUBLIC_URL: 'https://uketori.example',
    SEAL_KEYS: ring(),
    INDEX_KEYS: ring(),
    LINK_KEYS: ring(),
  };
  processes = await Promise.all([openWebContext(environment), openWebContext(environment)]);
});
afterAll(async () => {
  for (const each of processes) await each.close();
  await database.drop();
});

describe('unknown links', () => {
  it('from one address are counted over all web processes, and others are let through', async () => {
    const answers = [];
    for (let i = 0; i < 40; i += 1) answers.push(await processes[i % 2]?.limits.allowGuess('203.0.113.9'));
    expect(answers.filter((answer) => answer?.ok)).toHaveLength(30);
    expect(answers.slice(30)).toEqual(
      Array.from({ length: 10 }, () => ({ ok: false, retryAfterSeconds: expect.any(Number), first: expect.any(Boolean) })),
    );
    expect(await processes[1]?.limits.allowGuess('203.0.113.10')).toMatchObject({ ok: true });
  });

  it('leave no address in the database', async () => {
    const db = makeDb(makePool(database.superuserUrl, { max: 1, name: 'test' }));
    const keys = await db
      .selectFrom('rate_limits' as never)
      .selectAll()
      .execute();
    await db.destroy();
    expect(keys.length).toBeGreaterThan(0);
    expect(keys.map((row) => Object.values(row).join()).join()).not.toContain('203.0.113');
  });
});

describe("a provider's rate", () => {
  it('holds for all processes together: slots never lie closer than the rate allows', async () => {
    const pools = [database.workerUrl, database.webUrl].map((url) => makeDb(makePool(url, { max: 5, name: 'test' })));
    const take = (i: number) =>
      takeSlot(pools[i % 2] as (typeof pools)[number], { of: 'provider', id: 'steady', ratePerSecond: 10, patienceMs: 60_000 });
    const owner = makeDb(makePool(database.ownerUrl, { max: 1, name: 'test' }));
    const nextSlot = async () =>
      (
        await owner.selectFrom('provider_states').select('next_slot_at').where('provider', '=', 'steady').executeTakeFirstOrThrow()
      ).next_slot_at?.getTime() ?? 0;
    await take(0);
    const first = await nextSlot();
    await Promise.all(Array.from({ length: 49 }, (_, i) => take(i)));
    expect((await nextSlot()) - first).toBeGreaterThanOrEqual(49 * 100);
    expect(
      await takeSlot(owner, { of: 'provider', id: 'steady', ratePerSecond: 10, patienceMs: 1_000 }),
      'who will not wait so long gets none',
    ).toBeNull();
    await Promise.all([...pools, owner].map((db) => db.destroy()));
  });
});
