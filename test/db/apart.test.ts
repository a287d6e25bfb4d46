import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makePool, makeScopedDb } from '#db/database';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { makeTestPortal, type TestPortal, testKeys } from '../support/portal';
import { insertGrants, insertProgramme } from '../support/programme';

/** Programmes side by side: what the database itself keeps from who works for one of them only. */
let database: TestDatabase;
let owner: TestPortal;
let pool: ReturnType<typeof makePool>;
let first: string;
let second: string;
let others: string;

beforeAll(async () => {
  database = await createTestDatabase();
  owner = makeTestPortal(database.ownerUrl, { keys: testKeys() });
  first = await insertProgramme(owner, [{ provider: 'paypay' }]);
  second = await insertProgramme(owner, [{ provider: 'paypay' }], 'other-2023');
  await insertGrants(owner, first, [100, 200]);
  [others = ''] = await insertGrants(owner, second, [300]);
  pool = makePool(database.consoleUrl, { max: 2, name: 'test-apart' });
});
afterAll(async () => {
  await pool.end();
  await owner.close();
  await database.drop();
});

const residuals = async (campaigns: 'all' | readonly string[]) => {
  const rows = await makeScopedDb(pool, campaigns).selectFrom('grants').select('granted_yen').orderBy('granted_yen').execute();
  return rows.map(({ granted_yen }) => granted_yen);
};

describe('a connection that works for some programmes', () => {
  it('sees those alone, whatever it asks, and the next one sees its own again', async () => {
    for (let i = 0; i < 3; i += 1) {
      expect(await residuals([first])).toEqual([100n, 200n]);
      expect(await residuals([second])).toEqual([300n]);
      expect(await residuals([])).toEqual([]);
      expect(await residuals('all')).toEqual([100n, 200n, 300n]);
      expect(await residuals([first, second])).toEqual([100n, 200n, 300n]);
    }
    const campaigns = await makeScopedDb(pool, [first]).selectFrom('campaigns').select('id').execute();
    expect(campaigns).toEqual([{ id: first }]);
  });

  it('changes nothing of another, and adds nothing to it', async () => {
    const db = makeScopedDb(pool, [first]);
    const frozen = await db.updateTable('grants').set({ frozen_at: new Date() }).where('id', '=', others).executeTakeFirst();
    expect(frozen.numUpdatedRows).toBe(0n);
    const entry = {
      id: owner.crypto.newId(new Date()),
      campaign_id: second,
      at: new Date(),
      actor: 'test',
      act: 'x',
      subject_kind: 'x',
      subject_id: 'x',
      detail: '{}',
    };
    await expect(db.insertInto('audit_entries').values(entry).execute()).rejects.toMatchObject({ code: '42501' });
    await expect(
      db
        .insertInto('audit_entries')
        .values({ ...entry, campaign_id: first })
        .execute(),
    ).resolves.toBeDefined();
  });

  it('in a transaction sees no more', async () => {
    const seen = await makeScopedDb(pool, [second])
      .transaction()
      .execute((trx) => trx.selectFrom('grants').select('campaign_id').distinct().execute());
    expect(seen).toEqual([{ campaign_id: second }]);
  });
});

it('holds for every table that belongs to a programme', async () => {
  const { rows } = await sql<{ name: string }>`
    select c.table_name as name from information_schema.columns c
      join information_schema.tables b on b.table_schema = c.table_schema and b.table_name = c.table_name and b.table_type = 'BASE TABLE'
      join pg_class k on k.oid = format('public.%I', c.table_name)::regclass
      where c.table_schema = 'public' and c.column_name = 'campaign_id' and c.table_name not in ('staff_campaigns', 'stock_codes')
        and not (k.relrowsecurity and exists (select 1 from pg_policy p where p.polrelid = k.oid and p.polname = 'own_campaigns'))
  `.execute(owner.db);
  expect(rows).toEqual([]);
});
