import { Logger, runMigrations as migrateQueue } from 'graphile-worker';
import { Kysely, Migrator, PostgresDialect, sql } from 'kysely';
import pg from 'pg';
import type { Db } from './database';
import { LATEST_MIGRATION, migrations } from './migrations/index';
import { grantDatabase, grantQueue, type RolePasswords, setRolePasswords } from './privileges';

export interface MigrateOptions {
  /** Sets the passwords of the runtime roles; a role that is left out keeps what it has. */
  readonly rolePasswords?: RolePasswords;
  /** Told each finished step, for progress on a terminal. */
  readonly onStep?: (step: string) => void;
}

// Any fixed number: instances that start at once take turns on it.
const LOCK = 7_368_511;
const quiet = new Logger(() => () => {});

/**
 * Brings a database to the newest form: tables, the queue's own tables, privileges. Safe to call from
 * several processes at once and again and again; it only ever goes forward. Returns what was applied.
 */
export async function migrate(ownerUrl: string, options: MigrateOptions = {}): Promise<readonly string[]> {
  // One connection holds the lock while the migrations run on others. No time limits: an index may take long.
  const pool = new pg.Pool({ connectionString: ownerUrl, max: 3, application_name: 'uketori-migrate' });
  pool.on('error', () => {});
  pool.on('connect', (client) => client.on('error', () => {}));
  const lock = await pool.connect();
  try {
    await lock.query('select pg_advisory_lock($1)', [LOCK]);
    const applied = await migrateTables(pool, options);
    await migrateQueue({ pgPool: pool, logger: quiet });
    options.onStep?.('queue');
    await grantDatabase(lock);
    await grantQueue(lock);
    await setRolePasswords(lock, options.rolePasswords ?? {});
    options.onStep?.('privileges');
    return applied;
  } finally {
    // Closed, not given back: that frees the lock whatever happened.
    lock.release(true);
    await pool.end();
  }
}

async function migrateTables(pool: pg.Pool, options: MigrateOptions): Promise<string[]> {
  const db = new Kysely<unknown>({ dialect: new PostgresDialect({ pool: keepOpen(pool) }) });
  const migrator = new Migrator({ db, provider: { getMigrations: () => Promise.resolve({ ...migrations }) } });
  const { error, results = [] } = await migrator.migrateToLatest();
  for (const result of results) if (result.status === 'Success') options.onStep?.(result.migrationName);
  if (error) throw error;
  return results.map((result) => result.migrationName);
}

/** Kysely ends the pool it was given; this one is still needed. */
function keepOpen(pool: pg.Pool): Pick<pg.Pool, 'connect' | 'end'> & pg.Pool {
  return Object.assign(Object.create(pool) as pg.Pool, { end: async () => {} });
}

/** Whether the database has every migration this code needs. A newer database is fine: it is migrated before the code is changed. */
export async function isSchemaCurrent(db: Db): Promise<boolean> {
  const found = await sql<{ name: string }>`select name from kysely_migration where name = ${LATEST_MIGRATION}`.execute(db);
  return found.rows.length === 1;
}
