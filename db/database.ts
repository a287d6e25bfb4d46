import { CompiledQuery, Kysely, PostgresDialect, type Transaction } from 'kysely';
import pg from 'pg';
import { preparing } from './prepared';
import type { Database } from './schema';

export type Db = Kysely<Database>;
export type Trx = Transaction<Database>;

// int8 is money here and nothing else; counts are cast to int in SQL. Days stay text: a Date would move with the time zone.
const types = new pg.TypeOverrides();
types.setTypeParser(pg.types.builtins.INT8, (text) => BigInt(text));
types.setTypeParser(pg.types.builtins.DATE, (text) => text);

export interface PoolOptions {
  /** Connections of this process at most. */
  readonly max: number;
  /** Shown in pg_stat_activity. */
  readonly name: string;
  /** A statement may run this long; long work (imports, proofs) passes 0 for no limit. */
  readonly statementTimeoutMs?: number;
  /** For libraries with tables of their own (queue, limits): they count on pg's usual types. */
  readonly usualTypes?: boolean;
  /**
   * Plans every prepared statement once and not for each set of values. For pages, whose statements look rows up by
   * key: planning the larger ones costs more than running them. Not for reports and sweeps, whose values matter.
   */
  readonly planOnce?: boolean;
}

/** A pool with the portal's types and time limits. A full pool answers within a second instead of hanging. */
export function makePool(url: string, options: PoolOptions): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    max: options.max,
    ...(options.usualTypes ? {} : { types }),
    application_name: options.name,
    options: options.planOnce ? '-c plan_cache_mode=force_generic_plan' : undefined,
    connectionTimeoutMillis: 5_000,
    idleTimeoutMillis: 30_000,
    statement_timeout: options.statementTimeoutMs ?? 15_000,
    lock_timeout: options.statementTimeoutMs === 0 ? 0 : 10_000,
    idle_in_transaction_session_timeout: options.statementTimeoutMs === 0 ? 0 : 30_000,
  });
  // A broken connection is replaced at the next use and its query fails by itself; without listeners,
  // idle or lent out, it would end the process.
  pool.on('error', () => {});
  pool.on('connect', (client) => void client.on('error', () => {}));
  return pool;
}

/**
 * The same for a role whose connections say for which campaigns they work, each time they are taken from the pool: the
 * database shows and takes no row of another (migration 57b). `all` is said as well, for the connection may have
 * worked for somebody else before.
 */
export function makeScopedDb(pool: pg.Pool, campaigns: 'all' | readonly string[]): Db {
  // No id has a space in it. Nobody's campaigns are not everybody's.
  const said = campaigns === 'all' ? '*' : campaigns.length === 0 ? '-' : campaigns.join(' ');
  return new Kysely<Database>({
    dialect: new PostgresDialect({
      pool: preparing(pool),
      onReserveConnection: async (connection) => {
        await connection.executeQuery(CompiledQuery.raw("select set_config('uketori.campaigns', $1, false)", [said]));
      },
    }),
  });
}

/** The typed query builder over a pool. */
export function makeDb(pool: pg.Pool): Db {
  return new Kysely<Database>({ dialect: new PostgresDialect({ pool: preparing(pool) }) });
}
