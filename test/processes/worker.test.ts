import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makePool } from '#db/database';
import { startWorker } from '~/entry.worker';
import { makeTestContext, type TestContext } from '../support/context';
import { createTestDatabase, type TestDatabase } from '../support/database';

describe('the worker process', () => {
  let database: TestDatabase;
  let context: TestContext;
  beforeAll(async () => {
    database = await createTestDatabase();
    context = makeTestContext(database.workerUrl);
  });
  afterAll(async () => {
    await context.close();
    await database.drop();
  });

  it('does jobs that the web role added, as its own role, and ends in order', async () => {
    const web = makeTestContext(database.webUrl);
    await web.portal.db.transaction().execute((trx) => web.portal.enqueue(trx, { name: 'lapse-grants', campaignId: 'none', delayMs: 0 }));
    await web.close();

    const queuePool = makePool(database.workerUrl, { max: 8, name: 'test-queue', statementTimeoutMs: 0 });
    const worker = await startWorker(context, { queuePool, pollMs: 100 });
    const waiting = async () =>
      (await sql<{ n: number }>`select count(*)::int as n from graphile_worker._private_jobs`.execute(context.portal.db)).rows[0]?.n;
    await expect.poll(waiting, { timeout: 10_000 }).toBe(0);
    await worker.stop();
    await queuePool.end();
    expect(context.lines.filter((line) => line.includes('"level":50'))).toEqual([]);
  });
});
