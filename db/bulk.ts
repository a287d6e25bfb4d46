import { Kysely, PostgresDialect, sql } from 'kysely';
import type pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import type { CopyRows } from './copy-rows';
import type { Trx } from './database';
import type { Database } from './schema';

/** Temporary tables that bulk work makes for itself and that end with its transaction. */
export type StagingTable = 'staged_payments' | 'renewed_coupons';

/** A transaction that can also COPY. */
export interface BulkTrx {
  readonly trx: Trx;
  /** Sends rows to a table, as one statement. */
  copy(table: keyof Database | StagingTable, columns: readonly string[], rows: CopyRows): Promise<void>;
}

/** Bulk work on a pool of its own; time limits of ordinary requests do not hold in it. */
export interface Bulk {
  transaction<T>(work: (bulk: BulkTrx) => Promise<T>): Promise<T>;
}

/** Makes bulk transactions over a pool. */
export function makeBulk(pool: pg.Pool): Bulk {
  return {
    async transaction(work) {
      let client: pg.PoolClient | undefined;
      // Kysely keeps its connection to itself; COPY needs the very same one.
      const capture = {
        connect: async () => {
          client = await pool.connect();
          return client;
        },
        end: async () => {},
      };
      const db = new Kysely<Database>({ dialect: new PostgresDialect({ pool: capture }) });
      return db.transaction().execute(async (trx) => {
        await sql`set local statement_timeout = 0`.execute(trx);
        await sql`set local idle_in_transaction_session_timeout = 0`.execute(trx);
        return work({
          trx,
          copy: (table, columns, rows) => {
            if (!client) throw new Error('no connection');
            return copyInto(client, `copy ${table} (${columns.join(', ')}) from stdin with (format binary)`, rows.finish());
          },
        });
      });
    },
  };
}

function copyInto(client: pg.PoolClient, statement: string, rows: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    const stream = client.query(copyFrom(statement));
    stream.once('error', reject);
    stream.once('finish', () => resolve());
    stream.end(rows);
  });
}

/** Counts anew what tables hold, so that plans made while they were small do not outlive it. Owner only. */
export async function refreshStatistics(trx: Trx, tables: readonly (keyof Database)[]): Promise<void> {
  await sql`analyze ${sql.join(tables.map((table) => sql.table(table)))}`.execute(trx);
}

/** Takes a lock until the end of the transaction; stands in line for it. */
export async function takeLock(trx: Trx, name: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${name}, 0))`.execute(trx);
}

/** Takes a lock until the end of the transaction; false when another holds it. */
export async function tryLock(trx: Trx, name: string): Promise<boolean> {
  const { rows } = await sql<{ taken: boolean }>`select pg_try_advisory_xact_lock(hashtextextended(${name}, 0)) as taken`.execute(trx);
  return rows[0]?.taken ?? false;
}

/** The same, held together with all others that ask for it so. */
export async function tryShareLock(trx: Trx, name: string): Promise<boolean> {
  const { rows } = await sql<{ taken: boolean }>`select pg_try_advisory_xact_lock_shared(hashtextextended(${name}, 0)) as taken`.execute(
    trx,
  );
  return rows[0]?.taken ?? false;
}
