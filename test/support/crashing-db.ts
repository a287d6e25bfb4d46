import {
  type CompiledQuery,
  type DatabaseConnection,
  Kysely,
  PostgresAdapter,
  PostgresDriver,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type QueryResult,
} from 'kysely';
import type pg from 'pg';
import type { Database } from '#db/schema';

/** The process "dies" here: everything after it does not happen. */
export class Crash extends Error {}

/** Where a crash can strike: before any statement, and on either side of a commit. */
export type CrashPoint = 'statement' | 'before commit' | 'after commit';

/**
 * The real database, whose client dies where it is told to. A crash before a commit rolls back, as
 * PostgreSQL does when a connection goes; a crash after it leaves the client not knowing.
 */
export function makeCrashingDb(pool: pg.Pool, crashes: (point: CrashPoint) => boolean): Kysely<Database> {
  const strike = (point: CrashPoint) => {
    if (crashes(point)) throw new Crash(point);
  };
  const wrapped = new WeakSet<DatabaseConnection>();
  class CrashingDriver extends PostgresDriver {
    override async acquireConnection(): Promise<DatabaseConnection> {
      const connection = await super.acquireConnection();
      if (wrapped.has(connection)) return connection;
      wrapped.add(connection);
      const run = connection.executeQuery.bind(connection);
      connection.executeQuery = async <R>(query: CompiledQuery): Promise<QueryResult<R>> => {
        if (query.sql === 'commit') {
          strike('before commit');
          const result = await run<R>(query);
          strike('after commit');
          return result;
        }
        if (query.sql !== 'begin' && query.sql !== 'rollback') strike('statement');
        return run<R>(query);
      };
      return connection;
    }
  }
  return new Kysely<Database>({
    dialect: {
      createAdapter: () => new PostgresAdapter(),
      createDriver: () => new CrashingDriver({ pool }),
      createIntrospector: (db) => new PostgresIntrospector(db),
      createQueryCompiler: () => new PostgresQueryCompiler(),
    },
  });
}
