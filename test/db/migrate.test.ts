import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeDb, makePool } from '#db/database';
import { isSchemaCurrent, migrate } from '#db/migrate';
import { createTestDatabase, type TestDatabase } from '../support/database';

describe('migrate', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(() => database.drop());

  it('applies nothing to a database that is current, also when several instances start at once', async () => {
    const applied = await Promise.all([1, 2, 3].map(() => migrate(database.ownerUrl)));
    expect(applied).toEqual([[], [], []]);
  });

  it.each(['webUrl', 'workerUrl'] as const)('lets %s see that the schema is current', async (url) => {
    const pool = makePool(database[url], { max: 1, name: 'test' });
    expect(await isSchemaCurrent(makeDb(pool))).toBe(true);
    await pool.end();
  });
});
