import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Db, makeDb, makePool } from '#db/database';
import { findGrantOffersSheet } from '#db/grants';
import { createTestDatabase, type TestDatabase } from '../support/database';

let database: TestDatabase;
let db: Db;

beforeAll(async () => {
  database = await createTestDatabase();
  // One connection, so that what was prepared is met again.
  db = makeDb(makePool(database.ownerUrl, { max: 1, name: 'test' }));
});
afterAll(async () => {
  await db.destroy();
  await database.drop();
});

const anyGrant = { grantId: '018f0000-0000-7000-8000-000000000000', now: new Date('2023-05-20T10:00:00+09:00') };
const everyColumn = () => db.selectFrom('grants').selectAll().where('id', '=', anyGrant.grantId).execute();

async function prepared(): Promise<string[]> {
  const { rows } = await sql<{ statement: string }>`select statement from pg_prepared_statements where name like ${'uketori%'}`.execute(db);
  return rows.map((row) => row.statement);
}

it('prepares statements with values, once', async () => {
  await findGrantOffersSheet(db, anyGrant);
  const first = await prepared();
  await findGrantOffersSheet(db, anyGrant);
  expect(await prepared()).toEqual(first);
  expect(first.filter((statement) => statement.includes('stock_codes'))).toHaveLength(1);
});

it('goes on when a migration adds columns under it', async () => {
  await findGrantOffersSheet(db, anyGrant);
  await everyColumn();
  await sql`alter table grants add column later text`.execute(db);
  expect(await findGrantOffersSheet(db, anyGrant)).toBeNull();
  expect(await everyColumn()).toEqual([]);
  expect((await prepared()).filter((statement) => /\.\*|select \*/.test(statement))).toEqual([]);
});

it('forgets a statement that failed', async () => {
  const broken = () => sql`select ${1}::int / ${0}::int as n`.execute(db);
  await expect(broken()).rejects.toThrow(/division by zero/);
  await expect(broken()).rejects.toThrow(/division by zero/);
  expect(await findGrantOffersSheet(db, anyGrant)).toBeNull();
});
