import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makePool, makeScopedDb } from '#db/database';
import { listByTokens } from '#db/search';
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

describe('what staff search by', () => {
  const found = async (campaigns: 'all' | readonly string[], scope: 'all' | readonly string[] = 'all') => {
    const facts = [{ tokens: [7n], indexes: { name: [], kana: [], phone: [], mail: [] }, numbers: [] }] as const;
    return (await listByTokens(makeScopedDb(pool, campaigns), { facts, scope, after: null, limit: 10 })).ids.length;
  };

  it('finds nobody of another programme, whatever is asked', async () => {
    await sql`insert into search_entries select id, campaign_id, 'k', array[7] from recipients`.execute(owner.db);
    expect([await found('all'), await found([first]), await found([second]), await found([])]).toEqual([3, 2, 1, 0]);
    expect([await found('all', [second]), await found([first], [second]), await found([first, second], [first])]).toEqual([1, 0, 2]);
  });

  it.each([
    [
      'a grant number',
      "select 1 from grants where campaign_id = 'x' and plain_number ~>=~ 'A' and plain_number ~<~ 'A~'",
      'plain_number ~>=~',
    ],
    [
      'an inquiry number',
      "select 1 from grants where campaign_id = 'x' and plain_inquiry ~>=~ 'A' and plain_inquiry ~<~ 'A~'",
      'plain_inquiry ~>=~',
    ],
    ['a coupon', "select 1 from coupons where campaign_id = 'x' and plain_number = 'A'", 'plain_number = '],
    ['an address', "select 1 from recipients where phone_index = any('{x}'::bytea[])", 'phone_index = '],
  ])('is looked up by its index behind the rows’ own guard: %s', async (_what, query, condition) => {
    const plan = await makeScopedDb(pool, [first])
      .transaction()
      .execute(async (trx) => {
        await sql`set local enable_seqscan = off`.execute(trx);
        return sql<{ 'QUERY PLAN': string }>`explain ${sql.raw(query)}`.execute(trx);
      });
    const conditions = plan.rows.map((row) => row['QUERY PLAN']).filter((line) => line.includes('Index Cond'));
    expect(conditions.join()).toContain(condition);
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
